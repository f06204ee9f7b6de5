using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The body of ANNOUNCE and UNANNOUNCE.</summary>
/// <param name="Signature">64 bytes, or empty when there is none.</param>
/// <param name="Bump">Milliseconds since 1970; not covered by the signature.</param>
public sealed record AnnounceMessage(PeerRecord? Peer, Bytes32? Refresh, ReadOnlyMemory<byte> Signature, ulong Bump = 0)
{
    private const ulong PeerFlag = 1, RefreshFlag = 2, SignatureFlag = 4, BumpFlag = 8;

    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt(
            (Peer is null ? 0 : PeerFlag) | (Refresh is null ? 0 : RefreshFlag)
            | (Signature.IsEmpty ? 0 : SignatureFlag) | (Bump == 0 ? 0 : BumpFlag));
        Peer?.EncodeTo(writer);
        if (Refresh is { } refresh)
            writer.Fixed32(refresh);
        writer.Raw(Signature.Span);
        if (Bump != 0)
            writer.UInt(Bump);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out AnnounceMessage message)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryUInt(out ulong flags);
        PeerRecord? peer = null;
        if (read && (flags & PeerFlag) != 0)
            read = PeerRecord.TryRead(ref reader, out peer);
        Bytes32 refresh = default;
        if (read && (flags & RefreshFlag) != 0)
            read = reader.TryFixed32(out refresh);
        ReadOnlySpan<byte> signature = default;
        if (read && (flags & SignatureFlag) != 0)
            read = reader.TryRaw(Ed25519.SignatureSize, out signature);
        ulong bump = 0;
        if (read && (flags & BumpFlag) != 0)
            read = reader.TryUInt(out bump);
        message = new AnnounceMessage(peer, (flags & RefreshFlag) != 0 ? refresh : null, signature.ToArray(), bump);
        return read;
    }

    /// <summary>A body for one node only: the signature covers that node's id and the token it gave.</summary>
    public static AnnounceMessage Sign(
        AnnouncePurpose purpose, AnnounceScope scope, PeerRecord peer, KeyPair keyPair, Bytes32? refresh = null)
        => new(peer, refresh, Ed25519.Sign(keyPair, Signable(purpose, scope, peer, refresh)));

    /// <summary>True when the key in the record signed this body for this node, token and target.</summary>
    public bool IsSigned(AnnouncePurpose purpose, AnnounceScope scope)
        => Peer is not null && Ed25519.Verify(Peer.PublicKey, Signable(purpose, scope, Peer, Refresh), Signature.Span);

    internal static byte[] Signable(AnnouncePurpose purpose, AnnounceScope scope, PeerRecord peer, Bytes32? refresh)
    {
        CompactWriter hashed = new();
        hashed.Fixed32(scope.Target).Fixed32(scope.NodeId).Fixed32(scope.Token);
        peer.EncodeTo(hashed);
        if (refresh is { } token)
            hashed.Fixed32(token);
        Bytes32 space = purpose == AnnouncePurpose.Announce ? HyperDhtNamespaces.Announce : HyperDhtNamespaces.Unannounce;
        return [.. space.Span, .. Blake2b.Hash256(hashed.Written).Span];
    }
}

/// <summary>Which of the two commands a signature is for.</summary>
public enum AnnouncePurpose
{
    Announce,
    Unannounce,
}

/// <summary>What binds an announcement to one node: the target, that node's id and the token it handed out.</summary>
public readonly record struct AnnounceScope(Bytes32 Target, Bytes32 NodeId, Bytes32 Token);
