namespace Hyper.Actors.Runtime;

/// <summary>Another process or actor has the folder open for writing.</summary>
public sealed class FolderLockedException(string path, Exception? inner = null)
    : IOException($"storage folder {path} is in use by another process", inner);

/// <summary>The folder or the disk under it cannot be written.</summary>
public sealed class FolderReadOnlyException(string path, Exception? inner = null)
    : IOException($"storage folder {path} is not writable", inner);

/// <summary>There is no space left for the folder.</summary>
public sealed class DiskFullException(string path, Exception? inner = null)
    : IOException($"no space left on the disk of {path}", inner);
