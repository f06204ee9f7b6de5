using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>A peer as the DHT stores it: its key and the nodes through which it can be reached.</summary>
public sealed record PeerRecord(PublicKey PublicKey, IReadOnlyList<PeerAddress> RelayAddresses)
{
    internal const int MinimumSize = Bytes32.Size + 1;

    public PeerRecord(PublicKey publicKey)
        : this(publicKey, [])
    {
    }

    /// <summary>The node id under which a peer announces itself: the hash of its key.</summary>
    public static Bytes32 TargetOf(PublicKey publicKey) => Blake2b.Hash256(publicKey.Value.Span);

    public byte[] Encode()
    {
        CompactWriter writer = new(MinimumSize + (RelayAddresses.Count * PeerAddress.EncodedSize));
        EncodeTo(writer);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out PeerRecord record)
    {
        CompactReader reader = new(bytes);
        return TryRead(ref reader, out record);
    }

    internal void EncodeTo(CompactWriter writer) => writer.Fixed32(PublicKey.Value).Addresses(RelayAddresses);

    internal static bool TryRead(ref CompactReader reader, out PeerRecord record)
    {
        bool read = reader.TryFixed32(out Bytes32 key);
        read &= reader.TryAddresses(out PeerAddress[] relays);
        record = new PeerRecord(new PublicKey(key), relays);
        return read;
    }
}
