using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>The header's binary form: version 1 both ways, and version 0 of the first alphas to read.</summary>
internal static class HeaderCodec
{
    private const int SecretKeySize = 64;

    internal static void Encode(CoreHeader header, CompactWriter writer)
    {
        writer.UInt(1).UInt((header.Manifest is null ? 0 : 2u) | (header.KeyPair is null ? 0 : 4u)).Fixed32(header.Key.Value);
        if (header.Manifest is not null)
            ManifestCodec.Encode(header.Manifest, writer);
        if (header.KeyPair is { } pair)
            EncodeKeyPair(pair, writer);
        writer.UInt((ulong)header.UserData.Length);
        foreach (UserDataItem item in header.UserData)
            writer.Text(item.Key).Buffer(item.Value.Span);
        writer.UInt((ulong)header.Fork).UInt((ulong)header.Length);
        if (header.RootHash is { } rootHash)
            writer.Buffer(rootHash.Span);
        else
            writer.UInt(0);
        writer.Buffer(header.Signature.Span).UInt((ulong)header.Reorgs.Length);
        foreach (ReorgHint hint in header.Reorgs)
            writer.UInt((ulong)hint.FromFork).UInt((ulong)hint.ToFork).UInt((ulong)hint.Ancestors);
        writer.UInt((ulong)header.ContiguousLength);
    }

    internal static void EncodeExternal(ExternalHeader external, CompactWriter writer)
        => writer.UInt(1).UInt(1).UInt((ulong)external.Start).UInt((ulong)external.Length);

    internal static bool TryDecode(ReadOnlySpan<byte> payload, out CoreHeader header)
    {
        header = new CoreHeader();
        CompactReader reader = new(payload);
        if (!reader.TryUInt(out ulong version) || version > 1)
            return false;
        if (version == 0)
            return TryDecodeFirst(ref reader, out header);
        if (!reader.TryUInt(out ulong flags))
            return false;
        if ((flags & 1) != 0)
        {
            bool read = reader.TryUInt(out ulong start) & reader.TryUInt(out ulong length);
            header = new CoreHeader { External = new ExternalHeader((long)start, (long)length) };
            return read;
        }

        Manifest? manifest = null;
        HeaderKeyPair? pair = null;
        if (!reader.TryFixed32(out Bytes32 key))
            return false;
        if ((flags & 2) != 0 && !Manifest.TryDecode(ref reader, out manifest))
            return false;
        if ((flags & 4) != 0 && !TryDecodeKeyPair(ref reader, out pair))
            return false;
        header = new CoreHeader { Key = new CoreKey(key), Manifest = manifest, KeyPair = pair };
        return TryDecodeUserData(ref reader, ref header) && TryDecodeTree(ref reader, ref header) && TryDecodeHints(ref reader, ref header);
    }

    private static bool TryDecodeFirst(ref CompactReader reader, out CoreHeader header)
    {
        header = new CoreHeader();
        if (!reader.TryText(out string tree) || !reader.TryText(out string _) || !reader.TryText(out string signer)
            || tree != "blake2b" || signer != "ed25519"
            || !TryDecodeUserData(ref reader, ref header) || !TryDecodeTree(ref reader, ref header)
            || !TryDecodeKeyPair(ref reader, out HeaderKeyPair? pair) || pair is null)
            return false;
        header = header with
        {
            Key = new CoreKey(pair.PublicKey.Value),
            Manifest = Manifest.ForSigner(pair.PublicKey) with { Version = 0 },
            KeyPair = pair.Pair is null ? null : pair,
        };
        return TryDecodeHints(ref reader, ref header);
    }

    private static void EncodeKeyPair(HeaderKeyPair pair, CompactWriter writer)
    {
        writer.Buffer(pair.PublicKey.Value.Span);
        if (pair.Pair is { HoldsSecret: true } secret)
            writer.UInt(SecretKeySize).Fixed32(secret.ExportSeed()).Fixed32(secret.PublicKey.Value);
        else
            writer.UInt(0);
    }

    private static bool TryDecodeKeyPair(ref CompactReader reader, out HeaderKeyPair? pair)
    {
        pair = null;
        if (!reader.TryBuffer(out ReadOnlySpan<byte> publicKey) || publicKey.Length != Bytes32.Size
            || !reader.TryBuffer(out ReadOnlySpan<byte> secret))
            return false;
        PublicKey key = new(new Bytes32(publicKey));
        pair = new HeaderKeyPair(key, secret.Length == SecretKeySize ? KeyPair.FromSeed(new Bytes32(secret[..Bytes32.Size])) : null);
        return secret.IsEmpty || pair.Pair?.PublicKey == key;
    }

    private static bool TryDecodeUserData(ref CompactReader reader, ref CoreHeader header)
    {
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / 2))
            return false;
        ImmutableArray<UserDataItem>.Builder items = ImmutableArray.CreateBuilder<UserDataItem>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            if (!OplogEntry.TryUserData(ref reader, out UserDataChange? item))
                return false;
            items.Add(new UserDataItem(item!.Key, item.Value));
        }

        header = header with { UserData = items.MoveToImmutable() };
        return true;
    }

    private static bool TryDecodeTree(ref CompactReader reader, ref CoreHeader header)
    {
        if (!reader.TryUInt(out ulong fork) || !reader.TryUInt(out ulong length)
            || !reader.TryBuffer(out ReadOnlySpan<byte> rootHash) || rootHash.Length is not (0 or Bytes32.Size)
            || !reader.TryBuffer(out ReadOnlySpan<byte> signature))
            return false;
        header = header with
        {
            Fork = (long)fork,
            Length = (long)length,
            RootHash = rootHash.IsEmpty ? null : new Bytes32(rootHash),
            Signature = signature.ToArray(),
        };
        return true;
    }

    private static bool TryDecodeHints(ref CompactReader reader, ref CoreHeader header)
    {
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / 3))
            return false;
        ImmutableArray<ReorgHint>.Builder hints = ImmutableArray.CreateBuilder<ReorgHint>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            if (!reader.TryUInt(out ulong from) || !reader.TryUInt(out ulong to) || !reader.TryUInt(out ulong ancestors))
                return false;
            hints.Add(new ReorgHint((long)from, (long)to, (long)ancestors));
        }

        ulong contiguous = 0;
        if (!reader.AtEnd && !reader.TryUInt(out contiguous))
            return false;
        header = header with { Reorgs = hints.MoveToImmutable(), ContiguousLength = (long)contiguous };
        return true;
    }
}
