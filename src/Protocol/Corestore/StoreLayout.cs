using Hyper.Protocol.Hypercore;

namespace Hyper.Protocol.Corestore;

/// <summary>Where a store keeps what, as version 6 of the JavaScript module does; version 7 takes such folders over.</summary>
public static class StoreLayout
{
    /// <summary>File in the store's folder that holds the 32 secret bytes.</summary>
    public const string PrimaryKeyFile = "primary-key";

    /// <summary>Local key of a core that holds its name.</summary>
    public const string NameItem = "corestore/name";

    /// <summary>Local key of a core that holds the namespace of its name.</summary>
    public const string NamespaceItem = "corestore/namespace";

    /// <summary>Of the manifests of new cores, which version 10 of Hypercore can read.</summary>
    public const int DefaultManifestVersion = 1;

    /// <summary>Folder below the store's in which all cores are.</summary>
    public const string CoresFolder = "cores";

    /// <summary>Folder of one core, relative to the store's.</summary>
    public static string FolderOf(DiscoveryKey key)
    {
        string name = key.ToHex();
        return $"{CoresFolder}/{name[..2]}/{name[2..4]}/{name}";
    }
}
