using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Which folder a corestore actor opens, and how.</summary>
public sealed record CorestoreOptions
{
    /// <summary>The store's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The secret of a store that is made now; drawn at random when null.</summary>
    public Bytes32? PrimaryKey { get; init; }

    /// <summary>Of the manifests of new cores with a name; older ones keep theirs. Version 10 of Hypercore reads 0 and 1 only.</summary>
    public int ManifestVersion { get; init; } = StoreLayout.DefaultManifestVersion;

    /// <summary>Of every core in it; a store that is opened for reading is neither locked nor changed.</summary>
    public HypercoreOptions Storage { get; init; } = new();

    /// <summary>Of every core in it: of questions, downloads and drafts.</summary>
    public CoreLimits Limits { get; init; } = new();

    /// <summary>How long a core stays open without a session; version 7 waits six to eight seconds.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>Cores that may be open at a time, those that linger included.</summary>
    public int MaxOpenCores { get; init; } = 1024;

    /// <summary>Askers that wait at a time for a core that is closing, or for the end of somebody's exclusive session.</summary>
    public int MaxWaiting { get; init; } = 1024;

    /// <summary>Searches for peers that are under way at a time.</summary>
    public int MaxPeerSearches { get; init; } = 256;

    internal CoreOptions ForCore(string folder, Opening opening) => new()
    {
        Folder = folder,
        Identity = opening.Identity,
        CreateIfMissing = opening.Terms.CreateIfMissing,
        Storage = Storage,
        Limits = Limits,
    };
}
