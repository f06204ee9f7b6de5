namespace Hyper.Protocol.Hypercore.Files;

/// <summary>The files of a core's folder; each is named like its member in lower case.</summary>
public enum CoreFile
{
    /// <summary>Two header slots, then entries.</summary>
    Oplog,

    /// <summary>Forty bytes for each node.</summary>
    Tree,

    /// <summary>Pages of 4096 bytes that say which blocks are stored.</summary>
    Bitfield,

    /// <summary>The blocks, back to back.</summary>
    Data,

    /// <summary>The header, once it no longer fits a slot.</summary>
    Header,

    /// <summary>A second history that the writer signed: ours alone, JavaScript leaves it where it is.</summary>
    Conflict,
}
