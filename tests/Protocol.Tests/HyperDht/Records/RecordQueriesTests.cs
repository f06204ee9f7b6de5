using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Records;

public sealed class RecordQueriesTests
{
    private static readonly KeyPair Keys = KeyPair.FromSeed(Blake2b.Hash256([1]));
    private static readonly Bytes32 Topic = Blake2b.Hash256([2]), Token = Blake2b.Hash256([3]);
    private static readonly PeerAddress Address = PeerAddress.Loopback(5);
    private static readonly ReceivedReply Reply = new(Address, NodeId.Of(Address), default) { Token = Token };

    [Fact]
    public void Walks_carry_the_captured_commands_and_values()
    {
        QueryDefinition announce = RecordQueries.Announce(Topic, Keys, []);
        Assert.Equal((DhtCommand.External(3), (ReadOnlyMemory<byte>?)null), (announce.Command, announce.Value));
        QueryDefinition mutable = RecordQueries.GetMutable(Keys.PublicKey, 3);
        Assert.Equal(DhtVectors.Value("live.mutable_get.request"), mutable.Value!.Value.ToArray());
        Assert.Equal(DhtVectors.Get("immutable.target").Fixed32("hex"), RecordQueries.PutImmutable("hello"u8.ToArray()).Target);
    }

    [Fact]
    public void An_announcement_is_signed_for_the_id_and_token_of_each_node()
    {
        OutgoingRequest request = RecordQueries.Announce(Topic, Keys, [Address]).Commit!(Reply)!;
        Assert.Equal((Token, Topic, DhtCommand.External(4)), (request.Token!.Value, request.Target!.Value, request.Command));
        Assert.True(AnnounceMessage.TryDecode(request.Value!.Value.Span, out AnnounceMessage message));
        Assert.True(message.IsSigned(AnnouncePurpose.Announce, new AnnounceScope(Topic, NodeId.Of(Address).Value, Token)));
    }

    [Fact]
    public void Nodes_without_id_or_token_get_no_announcement()
    {
        Assert.Null(RecordQueries.Announce(Topic, Keys, []).Commit!(Reply with { Id = null }));
        Assert.Null(RecordQueries.Announce(Topic, Keys, []).Commit!(Reply with { Token = null }));
    }

    [Fact]
    public void Only_nodes_that_may_hold_our_record_are_asked_to_forget_it()
    {
        Assert.Null(RecordQueries.Unannounce(Topic, Keys, Reply));
        Assert.Null(RecordQueries.Unannounce(Topic, Keys, With(KeyPair.FromSeed(Topic).PublicKey)));
        Assert.NotNull(RecordQueries.Unannounce(Topic, Keys, With(Keys.PublicKey)));
        PublicKey[] others = [.. Enumerable.Range(0, 20).Select(i => KeyPair.FromSeed(Blake2b.Hash256([9, (byte)i])).PublicKey)];
        Assert.NotNull(RecordQueries.Unannounce(Topic, Keys, With(others)));
    }

    private static ReceivedReply With(params PublicKey[] keys)
        => Reply with { Value = LookupReply.Encode([.. keys.Select(key => (ReadOnlyMemory<byte>)new PeerRecord(key).Encode())], 0) };
}
