using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Records;

public sealed class RecordServerTests
{
    private static readonly Bytes32 NodeId = Blake2b.Hash256([1]);
    private static readonly Bytes32 Token = Blake2b.Hash256([2]);
    private static readonly Bytes32 Topic = Blake2b.Hash256([3]);
    private static readonly PeerAddress Sender = PeerAddress.Loopback(4000);
    private static readonly KeyPair Peer = KeyPair.FromSeed(Blake2b.Hash256([4]));
    private const ulong UnixNow = 1_700_000_000_000;
    private readonly ForwardTable _forwards;
    private readonly RecordServer _server;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public RecordServerTests()
    {
        RecordOptions options = new();
        _forwards = new ForwardTable(options);
        _server = new RecordServer(options, new RecordStore(options, new SeededEntropy(1, "records")), _forwards);
    }

    [Fact]
    public void An_announced_peer_is_looked_up_as_its_bare_record()
    {
        Assert.Equal(Accepted, Announce(Topic, PeerAddress.Loopback(1)));
        Assert.True(LookupReply.TryDecode(Value(Lookup(Topic)), out IReadOnlyList<PeerRecord> peers, out ulong bump));
        PeerRecord record = Assert.Single(peers);
        Assert.Equal(Peer.PublicKey, record.PublicKey);
        Assert.Equal(PeerAddress.Loopback(1), Assert.Single(record.RelayAddresses));
        Assert.Equal(0ul, bump);
    }

    [Fact]
    public void The_captured_announcement_is_accepted_and_answers_the_captured_lookup()
    {
        System.Text.Json.JsonElement request = DhtVectors.Get("live.announce.request");
        System.Text.Json.JsonElement decoded = request.GetProperty("decoded");
        RecordRequest announce = new(
            HyperDhtCommand.Announce, decoded.Fixed32("target"), decoded.Fixed32("token"), decoded.Bytes("value"), request.Address("src"));
        Assert.Equal(Accepted, _server.Handle(announce, request.Fixed32("nodeId"), UnixNow, _now));
        Assert.Equal(DhtVectors.Value("live.lookup-hit.response"), Value(Lookup(decoded.Fixed32("target"))));
    }

    [Fact]
    public void Relay_addresses_are_trimmed_after_the_signature_has_been_checked()
    {
        PeerAddress[] relays = [.. Enumerable.Range(1, 6).Select(PeerAddress.Loopback)];
        Assert.Equal(Accepted, Announce(Topic, relays));
        Assert.True(LookupReply.TryDecode(Value(Lookup(Topic)), out IReadOnlyList<PeerRecord> peers, out _));
        Assert.Equal(relays[..3], peers[0].RelayAddresses);
    }

    [Fact]
    public void Signatures_for_another_target_node_token_or_purpose_are_dropped()
    {
        AnnounceScope scope = new(Topic, NodeId, Token);
        foreach (AnnounceScope other in (AnnounceScope[])[scope with { Target = NodeId }, scope with { NodeId = Topic }, scope with { Token = Topic }])
            Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.Announce, Topic, Signed(AnnouncePurpose.Announce, other)));
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.Announce, Topic, Signed(AnnouncePurpose.Unannounce, scope)));
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.Unannounce, Topic, Signed(AnnouncePurpose.Announce, scope)));
        Assert.Null(Reply(Lookup(Topic)).Value);
        Assert.Equal(5, _server.DroppedCount);
    }

    [Fact]
    public void Announcements_without_a_token_a_target_or_a_signature_are_dropped()
    {
        byte[] body = Signed(AnnouncePurpose.Announce, new AnnounceScope(Topic, NodeId, Token));
        Assert.IsType<RecordAnswer.Silence>(Handle(new RecordRequest(HyperDhtCommand.Announce, Topic, null, body, Sender)));
        Assert.IsType<RecordAnswer.Silence>(Handle(new RecordRequest(HyperDhtCommand.Announce, null, Token, body, Sender)));
        byte[] unsigned = new AnnounceMessage(new PeerRecord(Peer.PublicKey), null, default).Encode();
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.Announce, Topic, unsigned));
    }

    [Fact]
    public void An_empty_value_is_none_to_upstream_and_not_kept()
    {
        Assert.IsType<RecordAnswer.Silence>(Put(1, []));
        Assert.Null(Reply(Get(0)).Value);
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.ImmutablePut, Blake2b.Hash256([]), []));
    }

    [Fact]
    public void A_peer_that_announces_its_own_key_becomes_a_forward()
    {
        Bytes32 target = PeerRecord.TargetOf(Peer.PublicKey);
        Assert.Equal(Accepted, Announce(target));
        Assert.True(_forwards.TryFind(target, _now, out Forward? forward));
        Assert.Equal(Sender, forward.Address);
        Assert.Equal([.. Peer.PublicKey.Value.ToArray(), 0], Value(Send(HyperDhtCommand.FindPeer, target, null)));
        Assert.True(LookupReply.TryDecode(Value(Lookup(target)), out IReadOnlyList<PeerRecord> peers, out _));
        Assert.Single(peers);
    }

    [Fact]
    public void Find_peer_is_answered_from_the_routers_own_entries_only()
    {
        Announce(Topic);
        Assert.Null(Reply(Send(HyperDhtCommand.FindPeer, Topic, null)).Value);
    }

    [Fact]
    public void An_unannouncement_removes_the_record()
    {
        Announce(Topic);
        byte[] body = Signed(AnnouncePurpose.Unannounce, new AnnounceScope(Topic, NodeId, Token));
        Assert.Equal(Accepted, Send(HyperDhtCommand.Unannounce, Topic, body));
        Assert.Null(Reply(Lookup(Topic)).Value);
    }

    [Fact]
    public void Only_a_hosted_server_survives_an_unannouncement_of_its_key()
    {
        Bytes32 target = PeerRecord.TargetOf(Peer.PublicKey);
        _forwards.Host(target, new PeerRecord(Peer.PublicKey).Encode());
        Announce(target);
        Send(HyperDhtCommand.Unannounce, target, Signed(AnnouncePurpose.Unannounce, new AnnounceScope(target, NodeId, Token)));
        Assert.True(_forwards.TryFind(target, _now, out Forward? forward) && forward.IsHosted);
    }

    [Fact]
    public void Announcements_live_between_two_and_four_thirds_of_their_lifetime()
    {
        Announce(Topic);
        _now += TimeSpan.FromMinutes(13.3);
        Assert.NotNull(Reply(Lookup(Topic)).Value);
        _now += TimeSpan.FromMinutes(13.4);
        Assert.Null(Reply(Lookup(Topic)).Value);
    }

    [Fact]
    public void A_record_with_other_relays_takes_the_place_of_the_one_before_at_once()
    {
        Announce(Topic, PeerAddress.Loopback(1));
        Announce(Topic, PeerAddress.Loopback(2));
        Assert.True(LookupReply.TryDecode(Value(Lookup(Topic)), out IReadOnlyList<PeerRecord> peers, out _));
        Assert.Equal([PeerAddress.Loopback(2)], Assert.Single(peers).RelayAddresses);
    }

    [Fact]
    public void Announcing_again_renews_a_record()
    {
        for (int i = 0; i < 10; i++)
        {
            Announce(Topic);
            _now += TimeSpan.FromMinutes(10);
        }

        Assert.True(LookupReply.TryDecode(Value(Lookup(Topic)), out IReadOnlyList<PeerRecord> peers, out _));
        Assert.Single(peers);
    }

    [Fact]
    public void A_reply_holds_twenty_different_records_at_most()
    {
        for (byte i = 0; i < 50; i++)
        {
            KeyPair pair = KeyPair.FromSeed(Blake2b.Hash256([9, i]));
            AnnounceMessage body = AnnounceMessage.Sign(
                AnnouncePurpose.Announce, new AnnounceScope(Topic, NodeId, Token), new PeerRecord(pair.PublicKey), pair);
            Send(HyperDhtCommand.Announce, Topic, body.Encode());
        }

        Assert.True(LookupReply.TryDecode(Value(Lookup(Topic)), out IReadOnlyList<PeerRecord> peers, out _));
        Assert.Equal(20, peers.Select(peer => peer.PublicKey).Distinct().Count());
    }

    [Fact]
    public void A_later_bump_is_kept_and_one_from_the_future_is_not()
    {
        AnnounceWithBump(UnixNow - 5);
        AnnounceWithBump(UnixNow - 10);
        Assert.Equal(UnixNow - 5, BumpOf(Topic));
        AnnounceWithBump(UnixNow + 61_000);
        Assert.Equal(UnixNow - 5, BumpOf(Topic));
        AnnounceWithBump(UnixNow + 59_000);
        Assert.Equal(UnixNow + 59_000, BumpOf(Topic));
    }

    [Fact]
    public void Revealing_the_next_token_of_a_chain_renews_an_announcement()
    {
        Bytes32 secret = Blake2b.Hash256([7]), middle = Blake2b.Hash256(secret.Span), first = Blake2b.Hash256(middle.Span);
        AnnounceMessage body = AnnounceMessage.Sign(
            AnnouncePurpose.Announce, new AnnounceScope(Topic, NodeId, Token), new PeerRecord(Peer.PublicKey), Peer, first);
        Send(HyperDhtCommand.Announce, Topic, body.Encode());
        _now += TimeSpan.FromMinutes(14);
        Assert.Equal(Accepted, Send(HyperDhtCommand.Announce, Topic, new AnnounceMessage(null, middle, default).Encode()));
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.Announce, Topic, new AnnounceMessage(null, middle, default).Encode()));
        Assert.Equal(Accepted, Send(HyperDhtCommand.Announce, Topic, new AnnounceMessage(null, secret, default).Encode()));
        _now += TimeSpan.FromMinutes(13);
        Assert.NotNull(Reply(Lookup(Topic)).Value);
    }

    [Fact]
    public void A_mutable_value_is_replaced_by_a_higher_sequence_number_only()
    {
        Assert.IsType<RecordAnswer.Reply>(Put(5, [1]));
        Assert.Equal(new RecordAnswer.Refusal(StorageError.SequenceTooLow), Put(4, [1]));
        Assert.Equal(new RecordAnswer.Refusal(StorageError.SequenceReused), Put(5, [2]));
        Assert.IsType<RecordAnswer.Reply>(Put(5, [1]));
        Assert.IsType<RecordAnswer.Reply>(Put(6, [3]));
        Assert.True(MutableValue.TryDecode(Value(Get(6)), out MutableValue value));
        Assert.Equal((6ul, 3), (value.Sequence, value.Value.Span[0]));
        Assert.Null(Reply(Get(7)).Value);
    }

    [Fact]
    public void A_mutable_value_under_another_key_or_with_another_signature_is_dropped()
    {
        MutableValue value = MutableValue.Sign(Peer, 1, new byte[] { 1 });
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.MutablePut, Topic, new MutablePut(Peer.PublicKey, value).Encode()));
        MutablePut forged = new(Peer.PublicKey, value with { Sequence = 2 });
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.MutablePut, PeerRecord.TargetOf(Peer.PublicKey), forged.Encode()));
    }

    [Fact]
    public void An_immutable_value_is_stored_under_its_hash_only()
    {
        byte[] value = "hello"u8.ToArray();
        Bytes32 target = DhtVectors.Get("immutable.target").Fixed32("hex");
        Assert.IsType<RecordAnswer.Silence>(Send(HyperDhtCommand.ImmutablePut, Topic, value));
        Assert.IsType<RecordAnswer.Silence>(Handle(new RecordRequest(HyperDhtCommand.ImmutablePut, target, null, value, Sender)));
        Assert.Equal(new RecordAnswer.Reply(null, true), Send(HyperDhtCommand.ImmutablePut, target, value));
        Assert.Equal(value, Value(Send(HyperDhtCommand.ImmutableGet, target, null)));
    }

    [Fact]
    public void Stores_stay_within_their_limits()
    {
        RecordOptions options = new() { MaxAnnouncements = 8, MaxValues = 8 };
        RecordStore store = new(options, new SeededEntropy(1, "records"));
        for (byte i = 0; i < 200; i++)
        {
            Bytes32 key = Blake2b.Hash256([i]);
            store.Announce(key, new PublicKey(key), [i], _now);
            store.PutImmutable(key, [i], _now);
        }

        Assert.InRange(Enumerable.Range(0, 200).Count(i => store.Lookup(Blake2b.Hash256([(byte)i]), _now).Count > 0), 1, 17);
        Assert.InRange(Enumerable.Range(0, 200).Count(i => store.GetImmutable(Blake2b.Hash256([(byte)i]), _now) is not null), 1, 16);
    }

    private static RecordAnswer Accepted => new RecordAnswer.Reply(null, false);

    private static RecordAnswer.Reply Reply(RecordAnswer answer) => Assert.IsType<RecordAnswer.Reply>(answer);

    private static byte[] Value(RecordAnswer answer) => Reply(answer).Value!.Value.ToArray();

    private static byte[] Signed(AnnouncePurpose purpose, AnnounceScope scope, params PeerAddress[] relays)
        => AnnounceMessage.Sign(purpose, scope, new PeerRecord(Peer.PublicKey, relays), Peer).Encode();

    private RecordAnswer Handle(RecordRequest request) => _server.Handle(request, NodeId, UnixNow, _now);

    private RecordAnswer Send(HyperDhtCommand command, Bytes32 target, byte[]? value)
        => Handle(new RecordRequest(command, target, Token, value is null ? null : (ReadOnlyMemory<byte>?)value, Sender));

    private RecordAnswer Announce(Bytes32 topic, params PeerAddress[] relays)
        => Send(HyperDhtCommand.Announce, topic, Signed(AnnouncePurpose.Announce, new AnnounceScope(topic, NodeId, Token), relays));

    private void AnnounceWithBump(ulong bump)
        => Send(HyperDhtCommand.Announce, Topic,
            (AnnounceMessage.Sign(AnnouncePurpose.Announce, new AnnounceScope(Topic, NodeId, Token), new PeerRecord(Peer.PublicKey), Peer)
                with
            { Bump = bump }).Encode());

    private RecordAnswer Lookup(Bytes32 topic) => Send(HyperDhtCommand.Lookup, topic, null);

    private ulong BumpOf(Bytes32 topic) => LookupReply.TryDecode(Value(Lookup(topic)), out _, out ulong bump) ? bump : 0;

    private RecordAnswer Put(ulong sequence, byte[] value)
        => Send(HyperDhtCommand.MutablePut, PeerRecord.TargetOf(Peer.PublicKey),
            new MutablePut(Peer.PublicKey, MutableValue.Sign(Peer, sequence, value)).Encode());

    private RecordAnswer Get(byte sequence) => Send(HyperDhtCommand.MutableGet, PeerRecord.TargetOf(Peer.PublicKey), [sequence]);
}
