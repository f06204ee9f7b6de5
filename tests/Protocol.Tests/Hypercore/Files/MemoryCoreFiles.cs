using System.Security.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Protocol.Tests.Hypercore.Files;

/// <summary>A core's files in memory; a file that was never written does not exist.</summary>
internal sealed class MemoryCoreFiles : ICoreFiles
{
    private readonly Dictionary<CoreFile, MemoryFile> _files = [];

    public IRandomAccess this[CoreFile file] => Find(file);

    internal int Writes { get; private set; }

    internal static MemoryCoreFiles FromFolder(string folder)
    {
        MemoryCoreFiles files = new();
        foreach (CoreFile file in Enum.GetValues<CoreFile>())
        {
            string path = Path.Combine(folder, CoreStorageException.NameOf(file));
            if (File.Exists(path))
                files.Find(file).Bytes = File.ReadAllBytes(path);
        }

        return files;
    }

    internal MemoryCoreFiles Copy()
    {
        MemoryCoreFiles copy = new();
        foreach ((CoreFile file, MemoryFile content) in _files)
            copy.Find(file).Bytes = content.Bytes is { } bytes ? [.. bytes] : null;
        return copy;
    }

    internal byte[] Bytes(CoreFile file) => Find(file).Bytes ?? [];

    internal int ReadsOf(CoreFile file) => Find(file).Reads;

    internal void Replace(CoreFile file, byte[] bytes) => Find(file).Bytes = bytes;

    /// <summary>Size and SHA-256 of every file that exists, by name.</summary>
    internal IReadOnlyDictionary<string, (long Size, string Hash)> Digest()
        => _files.Where(pair => pair.Value.Bytes is not null).ToDictionary(
            pair => CoreStorageException.NameOf(pair.Key),
            pair => ((long)pair.Value.Bytes!.Length, Convert.ToHexStringLower(SHA256.HashData(pair.Value.Bytes))));

    internal void Apply(FileOperation operation)
    {
        switch (operation)
        {
            case FileWrite write:
                Writes++;
                Find(write.File).Write(write.Offset, write.Bytes.Span);
                break;
            case FileGather gather:
                Apply(Join(gather));
                break;
            case FileTruncate truncate:
                Find(truncate.File).Truncate(truncate.Length);
                break;
            case FilePunch punch:
                byte[] punched = Find(punch.File).Bytes ?? [];
                int start = (int)Math.Min(punch.Offset, punched.Length);
                punched.AsSpan(start, (int)Math.Min(punch.Length, punched.Length - start)).Clear();
                break;
        }
    }

    /// <summary>The same write with its parts copied together.</summary>
    internal static FileWrite Join(FileGather gather)
        => new(gather.File, gather.Offset, gather.Parts.SelectMany(part => part.ToArray()).ToArray());

    /// <summary>Carries out every write a core asks for, and repairs unless that is left to the caller; returns what the core reports.</summary>
    internal List<CoreEffect> Run(HypercoreMachine core, bool repairs = true)
    {
        List<CoreEffect> reports = [];
        while (core.TryTake(out CoreEffect effect))
        {
            if (effect is not Persist persist)
            {
                reports.Add(effect);
                if (repairs && effect is RootsRestored restored)
                    core.Finish(restored.Repair);
                continue;
            }

            foreach (FileOperation operation in persist.Operations)
                Apply(operation);
            core.HandlePersisted(persist.Id);
        }

        return reports;
    }

    private MemoryFile Find(CoreFile file)
    {
        if (!_files.TryGetValue(file, out MemoryFile? found))
            _files.Add(file, found = new MemoryFile());
        return found;
    }

    private sealed class MemoryFile : IRandomAccess
    {
        internal byte[]? Bytes { get; set; }

        internal int Reads { get; private set; }

        public long Length => Bytes?.Length ?? 0;

        public int Read(long offset, Span<byte> destination)
        {
            Reads++;
            if (Bytes is null || offset >= Bytes.Length)
                return 0;
            int count = (int)Math.Min(destination.Length, Bytes.Length - offset);
            Bytes.AsSpan((int)offset, count).CopyTo(destination);
            return count;
        }

        internal void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (Length < offset + bytes.Length)
                Truncate(offset + bytes.Length);
            bytes.CopyTo(Bytes.AsSpan((int)offset));
        }

        internal void Truncate(long length)
        {
            byte[] bytes = Bytes ?? [];
            Array.Resize(ref bytes, (int)length);
            Bytes = bytes;
        }
    }
}
