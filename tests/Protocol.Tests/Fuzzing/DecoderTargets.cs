using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Protocol.Tests.Fuzzing;

/// <summary>Every decoder of bytes that come from another peer or from a disk.</summary>
internal static class DecoderTargets
{
    public static IEnumerable<DecoderTarget> All =>
    [
        .. Network,
        .. Channels,
        .. Cores,
    ];

    private static IEnumerable<DecoderTarget> Network =>
    [
        new("DhtMessageCodec.TryDecode", bytes => DhtMessageCodec.TryDecode(bytes, out _)),
        new("PacketHeader.TryDecode", bytes => PacketHeader.TryDecode(bytes, out _)),
        new("PacketCodec.TryDecode", bytes => PacketCodec.TryDecode(bytes, out _)),
        new("PeerRecord.TryDecode", bytes => PeerRecord.TryDecode(bytes, out _)),
        new("LookupReply.TryDecode", bytes => LookupReply.TryDecode(bytes, out _, out _)),
        new("AnnounceMessage.TryDecode", bytes => AnnounceMessage.TryDecode(bytes, out _)),
        new("MutableValue.TryDecode", bytes => MutableValue.TryDecode(bytes, out _)),
        new("MutablePut.TryDecode", bytes => MutablePut.TryDecode(bytes, out _)),
        new("HandshakeMessage.TryDecode", bytes => HandshakeMessage.TryDecode(bytes, out _)),
        new("HolepunchMessage.TryDecode", bytes => HolepunchMessage.TryDecode(bytes, out _)),
        new("PluginRequest.TryDecode", bytes => PluginRequest.TryDecode(bytes, out _)),
        new("HolepunchPayload.TryDecode", bytes => HolepunchPayload.TryDecode(bytes, out _)),
        new("SecurePayload.TryOpen", bytes => SecurePayload.TryOpen(default, bytes, out _), SealedPayload()),
        new("NoisePayload.TryDecode", bytes => NoisePayload.TryDecode(bytes, out _)),
    ];

    private static IEnumerable<DecoderTarget> Channels =>
    [
        new("PacketReader.TryNext", ReadPacket),
        new("ControlMessage.TryRead", ReadControlMessage),
        new("RpcCodec.TryRequest", bytes => RpcCodec.TryRequest(bytes, 256, out _, out _, out _)),
        new("RpcCodec.TryResponse", bytes => RpcCodec.TryResponse(bytes, 4096, out _, out _, out _)),
        new("RpcValues.TryDecode", bytes => RpcValueEncoding.Buffer.TryDecode(bytes, out _)),
        new("MessageCodec.TryDecode", bytes => bytes.Length > 0 && MessageCodec.TryDecode(bytes[0] % 10, bytes.AsMemory(1), out _)),
        new("RemoteProof.TryDecode", bytes => RemoteProof.TryDecode(bytes, out _)),
        new("ChannelHandshake.TryDecode", bytes => ChannelHandshake.TryDecode(bytes, out _)),
    ];

    private static IEnumerable<DecoderTarget> Cores =>
    [
        new("ConflictEvidence.TryDecode", bytes => ConflictEvidence.TryDecode(bytes, out _)),
        new("OplogEntry.TryDecode", bytes => OplogEntry.TryDecode(bytes, out _)),
        new("OplogFrame.TryRead", bytes => OplogFrame.TryRead(bytes, out _, out _, out _), HeaderSlot()),
        new("HeaderCodec.TryDecode", bytes => HeaderCodec.TryDecode(bytes, out _)),
        new("MultiSignature.TryDecode", bytes => MultiSignature.TryDecode(bytes, out _)),
        new("MultiSignature.TryDecodeFirst", bytes => MultiSignature.TryDecodeFirst(bytes, out _)),
        new("Manifest.TryDecode", ReadManifest),
        new("MerkleNode.TryDecodeList", ReadNodes),
        new("BeeHeader.TryDecode", bytes => BeeHeader.TryDecode(bytes, out _)),
        new("BeeBlock.TryDecode", ReadBeeBlock),
        new("IndexReader.TryRead", bytes => IndexReader.TryRead(bytes, ulong.MaxValue, out _)),
        new("BeeHint.TryDecode", bytes => BeeHint.TryDecode(bytes, out _)),
        new("BeeHint.TryReadPayload", bytes => BeeHint.TryReadPayload(bytes, out _)),
    ];

    private static byte[] SealedPayload() => SecurePayload.Seal(default, new HolepunchPayload(default, default, 1), new SeededEntropy(1, "fuzz"));

    private static byte[] HeaderSlot() => File.ReadAllBytes(Path.Combine(Vectors.FixtureFolder("core-10-5-blocks"), "oplog"))[..4096];

    private static bool ReadPacket(byte[] bytes)
    {
        PacketReader reader = new(bytes, maxBatchDepth: 8);
        int entries = 0;
        while (reader.TryNext(out _, out _))
            entries++;
        return entries > 0 && !reader.IsMalformed;
    }

    private static bool ReadControlMessage(byte[] bytes)
        => bytes.Length > 0 && ControlMessage.TryRead(bytes[0], bytes.AsMemory(1), out ControlMessage? read) && read is not null;

    private static bool ReadManifest(byte[] bytes)
    {
        CompactReader reader = new(bytes);
        return Manifest.TryDecode(ref reader, out _);
    }

    private static bool ReadNodes(byte[] bytes)
    {
        CompactReader reader = new(bytes);
        return MerkleNode.TryDecodeList(ref reader, out _);
    }

    private static bool ReadBeeBlock(byte[] bytes)
    {
        // Late in the log, so that no number of a block is refused before the children are read too.
        if (!BeeBlock.TryDecode(ulong.MaxValue, bytes, out BeeBlock? block))
            return false;
        _ = block.TryGetLevels(out _);
        _ = block.IsDeletion;
        return true;
    }
}
