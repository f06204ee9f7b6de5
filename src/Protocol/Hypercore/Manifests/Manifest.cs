using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore.Manifests;

/// <summary>Who may sign: an Ed25519 key and the namespace it signs in.</summary>
public sealed record ManifestSigner(Bytes32 Namespace, PublicKey PublicKey);

/// <summary>A part of the core that is fixed by its hash and needs no signature.</summary>
public sealed record Prologue(Bytes32 Hash, long Length);

/// <summary>The rules of a core: its signers, how many must sign, and what is fixed from the start (reference 1.5).</summary>
public sealed record Manifest
{
    /// <summary>The newest version that can be read; version 10 of the JavaScript module knows 0 and 1 only.</summary>
    public const int MaxVersion = 3;

    public int Version { get; init; } = 1;

    /// <summary>Whether a signer may have signed a longer tree than the one agreed on.</summary>
    public bool AllowPatch { get; init; }

    public long Quorum { get; init; }

    public ImmutableArray<ManifestSigner> Signers { get; init; } = [];

    public Prologue? Prologue { get; init; }

    /// <summary>Keys of cores that belong to this one; version 2 and later.</summary>
    public ImmutableArray<CoreKey> Linked { get; init; } = [];

    /// <summary>Application bytes; version 2 and later.</summary>
    public ReadOnlyMemory<byte> UserData { get; init; }

    /// <summary>The manifest of a core that one key signs.</summary>
    public static Manifest ForSigner(PublicKey publicKey)
        => new() { Quorum = 1, Signers = [new ManifestSigner(CoreNamespace.DefaultSigner, publicKey)] };

    /// <summary>The majority that upstream takes when no quorum is named.</summary>
    public static long DefaultQuorum(int signers) => signers == 0 ? 0 : signers / 2 + 1;

    /// <summary>The manifest's hash: the core key in manifest mode.</summary>
    public Bytes32 ToHash() => Blake2b.Hash256(CoreNamespace.Manifest.Span, Encode());

    /// <summary>The key of a core created from this manifest: its hash, or in compat mode the only signer's public key.</summary>
    public CoreKey ToKey(bool compat = false)
        => compat && Signers.Length == 1 ? new CoreKey(Signers[0].PublicKey.Value) : new CoreKey(ToHash());

    /// <summary>Whether a core of this key is signed in compat mode.</summary>
    public bool IsCompatFor(CoreKey key) => Signers.Length == 1 && Signers[0].PublicKey.Value == key.Value;

    /// <summary>Whether the manifest belongs to the key, in either mode.</summary>
    public bool Matches(CoreKey key) => IsCompatFor(key) || ToHash() == key.Value;

    /// <summary>Why no core should be made from the manifest, because its form cannot hold it or nobody could ever sign; null when one can.</summary>
    public string? FindFault() => this switch
    {
        { Version: < 0 or > MaxVersion } => $"the version is {Version}, not 0 to {MaxVersion}",
        { Quorum: < 0 } => "a quorum is not negative",
        _ when Quorum > Signers.Length => $"{Quorum} must sign, but there are {Signers.Length} signers",
        { Prologue.Length: < 0 } => "a prologue's length is not negative",
        { Version: < 2, Linked.IsEmpty: false } => "linked cores need version 2",
        { Version: < 2, UserData.IsEmpty: false } => "user data need version 2",
        _ => null,
    };

    public byte[] Encode()
    {
        CompactWriter writer = new();
        ManifestCodec.Encode(this, writer);
        return writer.ToArray();
    }

    /// <summary>Reads any version up to <see cref="MaxVersion"/>; unknown versions, hashes and signature kinds are refused.</summary>
    public static bool TryDecode(ref CompactReader reader, out Manifest manifest) => ManifestCodec.TryDecode(ref reader, out manifest);

    /// <summary>Two manifests are equal when they encode alike.</summary>
    public bool Equals(Manifest? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => ToHash().GetHashCode();
}
