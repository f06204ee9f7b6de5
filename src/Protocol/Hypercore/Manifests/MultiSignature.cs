using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Manifests;

/// <summary>One signer's signature, over a tree that is longer by a number of blocks when it signed ahead.</summary>
public sealed record SignerProof(long Signer, ReadOnlyMemory<byte> Signature, long PatchLength);

/// <summary>The container of several signatures with a shared pool of nodes (reference 1.8).</summary>
public sealed record MultiSignature(IReadOnlyList<SignerProof> Proofs, IReadOnlyList<MerkleNode> Patch)
{
    private const int SignatureSize = 64;

    /// <summary>The form for manifest versions from 1.</summary>
    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt((ulong)Proofs.Count);
        foreach (SignerProof proof in Proofs)
            writer.UInt((ulong)proof.Signer).Raw(proof.Signature.Span).UInt((ulong)proof.PatchLength);
        MerkleNode.EncodeList(writer, Patch);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out MultiSignature signature)
        => TryDecode(bytes, first: false, out signature);

    /// <summary>The form for manifest version 0, whose patches list their nodes.</summary>
    public static bool TryDecodeFirst(ReadOnlySpan<byte> bytes, out MultiSignature signature)
        => TryDecode(bytes, first: true, out signature);

    private static bool TryDecode(ReadOnlySpan<byte> bytes, bool first, out MultiSignature signature)
    {
        signature = new MultiSignature([], []);
        CompactReader reader = new(bytes);
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / SignatureSize))
            return false;
        List<SignerProof> proofs = new((int)count);
        for (ulong i = 0; i < count; i++)
        {
            SignerProof? proof = first ? ReadFirst(ref reader) : Read(ref reader);
            if (proof is null)
                return false;
            proofs.Add(proof);
        }

        bool read = MerkleNode.TryDecodeList(ref reader, out MerkleNode[] patch);
        signature = new MultiSignature(proofs, patch);
        return read;
    }

    private static SignerProof? Read(ref CompactReader reader)
        => reader.TryUInt(out ulong signer) && reader.TryRaw(SignatureSize, out ReadOnlySpan<byte> bytes) && reader.TryUInt(out ulong patch)
            ? new SignerProof((long)signer, bytes.ToArray(), (long)patch)
            : null;

    private static SignerProof? ReadFirst(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out ulong signer)
            || !reader.TryRaw(SignatureSize, out ReadOnlySpan<byte> bytes))
            return null;
        if ((flags & 1) == 0)
            return new SignerProof((long)signer, bytes.ToArray(), 0);
        if (!reader.TryUInt(out ulong _) || !reader.TryUInt(out ulong length) || !reader.TryUInt(out ulong count)
            || count > (ulong)reader.RemainingLength)
            return null;
        for (ulong i = 0; i < count; i++)
        {
            if (!reader.TryUInt(out ulong _))
                return null;
        }

        return new SignerProof((long)signer, bytes.ToArray(), (long)length);
    }
}
