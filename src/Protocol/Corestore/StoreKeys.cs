using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
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
    /// <param name="compat">Whether the core key is the public key itself, as stores before version 7 could make it.</param>
    public CoreIdentity IdentityOf(StoreNamespace space, string name, bool compat = false)
        => CoreIdentity.ForWriter(DeriveKeyPair(space, name), compat) with
        {
            UserData =
            [
                new UserDataItem(StoreLayout.NameItem, Encoding.UTF8.GetBytes(name)),
                new UserDataItem(StoreLayout.NamespaceItem, space.Value.ToArray()),
            ],
        };
}
