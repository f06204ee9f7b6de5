using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore.Manifests;

/// <summary>The binary forms of manifests, versions 0 to 3 (reference 1.5).</summary>
internal static class ManifestCodec
{
    private const int SignerSize = 1 + 2 * Bytes32.Size;
    private const ulong Blake2b = 0;
    private const ulong Ed25519 = 0;

    internal static void Encode(Manifest manifest, CompactWriter writer)
    {
        writer.UInt((ulong)manifest.Version);
        if (manifest.Version == 0)
        {
            EncodeFirst(manifest, writer);
            return;
        }

        bool linked = !manifest.Linked.IsEmpty;
        bool userData = !manifest.UserData.IsEmpty;
        writer.UInt((manifest.AllowPatch ? 1u : 0) | (manifest.Prologue is null ? 0 : 2u) | (linked ? 4u : 0) | (userData ? 8u : 0));
        writer.UInt(Blake2b).UInt((ulong)manifest.Quorum);
        EncodeSigners(manifest.Signers, writer);
        if (manifest.Prologue is { } prologue)
            writer.Fixed32(prologue.Hash).UInt((ulong)prologue.Length);
        if (linked)
        {
            writer.UInt((ulong)manifest.Linked.Length);
            foreach (CoreKey key in manifest.Linked)
                writer.Fixed32(key.Value);
        }

        if (userData)
            writer.Buffer(manifest.UserData.Span);
    }

    internal static bool TryDecode(ref CompactReader reader, out Manifest manifest)
    {
        manifest = new Manifest();
        if (!reader.TryUInt(out ulong version) || version > Manifest.MaxVersion)
            return false;
        if (version == 0)
            return TryDecodeFirst(ref reader, out manifest);
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out ulong hash) || hash != Blake2b
            || !reader.TryUInt(out ulong quorum) || !TryDecodeSigners(ref reader, out ImmutableArray<ManifestSigner> signers))
            return false;
        Prologue? prologue = null;
        ImmutableArray<CoreKey> linked = [];
        ReadOnlySpan<byte> userData = default;
        if ((flags & 2) != 0 && !TryDecodePrologue(ref reader, out prologue))
            return false;
        if (version >= 2 && (flags & 4) != 0 && !TryDecodeLinked(ref reader, out linked))
            return false;
        if (version >= 2 && (flags & 8) != 0 && !reader.TryBuffer(out userData))
            return false;
        manifest = new Manifest
        {
            Version = (int)version,
            AllowPatch = (flags & 1) != 0,
            Quorum = (long)quorum,
            Signers = signers,
            Prologue = prologue,
            Linked = linked,
            UserData = userData.ToArray(),
        };
        return true;
    }

    private static void EncodeFirst(Manifest manifest, CompactWriter writer)
    {
        writer.UInt(Blake2b);
        if (manifest is { Prologue: { } prologue, Signers.IsEmpty: true })
        {
            writer.UInt(0).Fixed32(prologue.Hash);
        }
        else if (manifest is { Quorum: 1, Signers.Length: 1, AllowPatch: false })
        {
            writer.UInt(1);
            EncodeSigner(manifest.Signers[0], writer);
        }
        else
        {
            writer.UInt(2).UInt(manifest.AllowPatch ? 1u : 0).UInt((ulong)manifest.Quorum);
            EncodeSigners(manifest.Signers, writer);
        }
    }

    private static bool TryDecodeFirst(ref CompactReader reader, out Manifest manifest)
    {
        manifest = new Manifest { Version = 0 };
        if (!reader.TryUInt(out ulong hash) || hash != Blake2b || !reader.TryUInt(out ulong type))
            return false;
        switch (type)
        {
            case 0:
                bool read = reader.TryFixed32(out Bytes32 prologue);
                manifest = manifest with { Prologue = new Prologue(prologue, 0) };
                return read;
            case 1:
                bool single = TryDecodeSigner(ref reader, out ManifestSigner signer);
                manifest = manifest with { Quorum = 1, Signers = [signer] };
                return single;
            case 2:
                bool many = reader.TryUInt(out ulong flags) & reader.TryUInt(out ulong quorum)
                    & TryDecodeSigners(ref reader, out ImmutableArray<ManifestSigner> signers);
                manifest = manifest with { AllowPatch = (flags & 1) != 0, Quorum = (long)quorum, Signers = signers };
                return many;
            default:
                return false;
        }
    }

    private static void EncodeSigners(ImmutableArray<ManifestSigner> signers, CompactWriter writer)
    {
        writer.UInt((ulong)signers.Length);
        foreach (ManifestSigner signer in signers)
            EncodeSigner(signer, writer);
    }

    private static void EncodeSigner(ManifestSigner signer, CompactWriter writer)
        => writer.UInt(Ed25519).Fixed32(signer.Namespace).Fixed32(signer.PublicKey.Value);

    private static bool TryDecodeSigners(ref CompactReader reader, out ImmutableArray<ManifestSigner> signers)
    {
        signers = [];
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / SignerSize))
            return false;
        ImmutableArray<ManifestSigner>.Builder list = ImmutableArray.CreateBuilder<ManifestSigner>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            if (!TryDecodeSigner(ref reader, out ManifestSigner signer))
                return false;
            list.Add(signer);
        }

        signers = list.MoveToImmutable();
        return true;
    }

    private static bool TryDecodeSigner(ref CompactReader reader, out ManifestSigner signer)
    {
        bool read = reader.TryUInt(out ulong kind) & kind == Ed25519
            & reader.TryFixed32(out Bytes32 space) & reader.TryFixed32(out Bytes32 publicKey);
        signer = new ManifestSigner(space, new PublicKey(publicKey));
        return read;
    }

    private static bool TryDecodePrologue(ref CompactReader reader, out Prologue? prologue)
    {
        bool read = reader.TryFixed32(out Bytes32 hash) & reader.TryUInt(out ulong length);
        prologue = new Prologue(hash, (long)length);
        return read;
    }

    private static bool TryDecodeLinked(ref CompactReader reader, out ImmutableArray<CoreKey> linked)
    {
        linked = [];
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / Bytes32.Size))
            return false;
        ImmutableArray<CoreKey>.Builder keys = ImmutableArray.CreateBuilder<CoreKey>((int)count);
        for (ulong i = 0; i < count && reader.TryFixed32(out Bytes32 key); i++)
            keys.Add(new CoreKey(key));
        linked = keys.ToImmutable();
        return true;
    }
}
