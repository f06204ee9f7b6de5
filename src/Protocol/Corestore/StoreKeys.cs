using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Corestore;

/// <summary>Derives the key pair of every named core of a store from the store's one secret.</summary>
public sealed class StoreKeys(Bytes32 primaryKey)
{
    // The first constant of the namespace "corestore", built as Hypercore builds its own.
    private static readonly Bytes32 s_purpose = Blake2b.Hash256([.. Blake2b.Hash256("corestore"u8).ToArray(), 0]);

    public KeyPair DeriveKeyPair(StoreNamespace space, string name)
        => KeyPair.FromSeed(Blake2b.Keyed256(primaryKey.Span, s_purpose.Span, space.Value.Span, Encoding.UTF8.GetBytes(name)));

    /// <summary>The core of a name; it carries its name, so that a listing and an upgrade to later versions find it.</summary>
    /// <param name="space">Where the name is from.</param>
    /// <param name="name">Any text.</param>
    /// <param name="manifestVersion">Of its manifest, on which its key depends.</param>
    public CoreIdentity IdentityOf(StoreNamespace space, string name, int manifestVersion = StoreLayout.DefaultManifestVersion)
    {
        KeyPair pair = DeriveKeyPair(space, name);
        return Named(CoreIdentity.ForManifest(Manifest.ForSigner(pair.PublicKey) with { Version = manifestVersion }, pair), space, name);
    }

    /// <summary>
    /// Every core that may be meant by a name, the likeliest first: one whose key is the public key itself, as stores before version 7
    /// made them, one of the version that is asked for, and those of others.
    /// </summary>
    public IEnumerable<CoreIdentity> IdentitiesOf(StoreNamespace space, string name, int manifestVersion)
    {
        KeyPair pair = DeriveKeyPair(space, name);
        yield return Named(CoreIdentity.ForWriter(pair, compat: true), space, name);
        for (int offset = 0; offset <= Manifest.MaxVersion; offset++)
            yield return IdentityOf(space, name, (manifestVersion + offset) % (Manifest.MaxVersion + 1));
    }

    private static CoreIdentity Named(CoreIdentity identity, StoreNamespace space, string name) => identity with
    {
        UserData =
        [
            new UserDataItem(StoreLayout.NameItem, Encoding.UTF8.GetBytes(name)),
            new UserDataItem(StoreLayout.NamespaceItem, space.Value.ToArray()),
        ],
    };
}
