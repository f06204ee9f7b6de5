using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>The walks that read and write records; what is written is signed for each node when its turn comes.</summary>
public static class RecordQueries
{
    /// <summary>Asks which nodes a server has announced itself to.</summary>
    /// <param name="target">The hash of the server's key, <see cref="PeerRecord.TargetOf"/>.</param>
    public static QueryDefinition FindPeer(Bytes32 target) => new(target, HyperDhtCommand.FindPeer.ToDht());

    /// <summary>Asks who announced a topic.</summary>
    public static QueryDefinition Lookup(Bytes32 topic) => new(topic, HyperDhtCommand.Lookup.ToDht());

    /// <summary>A lookup that ends with an announcement to each of the closest nodes.</summary>
    public static QueryDefinition Announce(Bytes32 topic, KeyPair keyPair, IReadOnlyList<PeerAddress> relayAddresses)
    {
        PeerRecord peer = new(keyPair.PublicKey, [.. relayAddresses]);
        return Lookup(topic) with { Commit = reply => SignedRequest(AnnouncePurpose.Announce, topic, reply, peer, keyPair) };
    }

    /// <summary>Takes an announcement back from a node that answered a lookup; nothing when it does not hold our key.</summary>
    public static OutgoingRequest? Unannounce(Bytes32 topic, KeyPair keyPair, ReceivedReply reply)
    {
        if (reply.Value is not { } value || !LookupReply.TryDecode(value.Span, out IReadOnlyList<PeerRecord> peers, out _))
            return null;
        // A full reply may have left our record out.
        bool mayHold = peers.Count >= FullReply || peers.Any(peer => peer.PublicKey == keyPair.PublicKey);
        return mayHold ? SignedRequest(AnnouncePurpose.Unannounce, topic, reply, new PeerRecord(keyPair.PublicKey), keyPair) : null;
    }

    public static QueryDefinition GetImmutable(Bytes32 target) => new(target, HyperDhtCommand.ImmutableGet.ToDht());

    /// <summary>Stores a value under its hash, which is the target of the walk.</summary>
    public static QueryDefinition PutImmutable(ReadOnlyMemory<byte> value)
    {
        QueryDefinition definition = GetImmutable(Blake2b.Hash256(value.Span));
        return definition with { Commit = definition.CommitSame(HyperDhtCommand.ImmutablePut.ToDht(), value) };
    }

    public static QueryDefinition GetMutable(PublicKey publicKey, ulong minimumSequence = 0)
        => new(PeerRecord.TargetOf(publicKey), HyperDhtCommand.MutableGet.ToDht())
        {
            Value = new CompactWriter(16).UInt(minimumSequence).ToArray(),
        };

    public static QueryDefinition PutMutable(PublicKey publicKey, MutableValue value)
    {
        QueryDefinition definition = GetMutable(publicKey);
        byte[] put = new MutablePut(publicKey, value).Encode();
        return definition with { Commit = definition.CommitSame(HyperDhtCommand.MutablePut.ToDht(), put) };
    }

    /// <summary>ANNOUNCE or UNANNOUNCE for the node that gave this reply; none when it gave no id or no token.</summary>
    internal static OutgoingRequest? SignedRequest(
        AnnouncePurpose purpose, Bytes32 target, ReceivedReply reply, PeerRecord peer, KeyPair keyPair)
    {
        if (reply.Id is not { } id || reply.Token is not { } token)
            return null;
        HyperDhtCommand command = purpose == AnnouncePurpose.Announce ? HyperDhtCommand.Announce : HyperDhtCommand.Unannounce;
        return new OutgoingRequest(reply.From, command.ToDht())
        {
            Target = target,
            Token = token,
            Value = AnnounceMessage.Sign(purpose, new AnnounceScope(target, id.Value, token), peer, keyPair).Encode(),
        };
    }

    private const int FullReply = 20;
}
