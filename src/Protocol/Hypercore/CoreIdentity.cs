using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>What a new core is made from, and what an older one of the same key may learn.</summary>
public sealed record CoreIdentity
{
    private CoreIdentity(CoreKey key) => Key = key;

    public CoreKey Key { get; }

    /// <summary>Null for a reader that learns it with the first proof.</summary>
    public Manifest? Manifest { get; private init; }

    public KeyPair? KeyPair { get; private init; }

    /// <summary>Local keys that the core starts with.</summary>
    public IReadOnlyList<UserDataItem> UserData { get; init; } = [];

    /// <summary>A core that one key writes; in compat mode the core key is its public key, the default of upstream's version 10.</summary>
    public static CoreIdentity ForWriter(KeyPair keyPair, bool compat = false)
    {
        Manifest manifest = Manifest.ForSigner(keyPair.PublicKey);
        return new CoreIdentity(manifest.ToKey(compat)) { Manifest = manifest, KeyPair = keyPair };
    }

    /// <summary>What is stored of a core.</summary>
    internal static CoreIdentity Of(CoreHeader header, IReadOnlyList<UserDataItem> userData)
        => new(header.Key) { Manifest = header.Manifest, KeyPair = header.KeyPair?.Pair, UserData = userData };

    /// <summary>A core that others write.</summary>
    public static CoreIdentity ForReader(CoreKey key) => new(key);

    /// <summary>A core with rules of its own; the pair is one of its signers, if this side signs at all.</summary>
    /// <exception cref="ArgumentException">No core can be made from the manifest; says why.</exception>
    public static CoreIdentity ForManifest(Manifest manifest, KeyPair? keyPair = null)
        => manifest.FindFault() is { } fault ? throw new ArgumentException(fault, nameof(manifest))
            : new CoreIdentity(manifest.ToKey()) { Manifest = manifest, KeyPair = keyPair };
}
