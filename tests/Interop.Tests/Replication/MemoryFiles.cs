using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>The files of a core in memory; every write is on disk at once.</summary>
internal sealed class MemoryFiles : ICoreFiles
{
    private readonly Dictionary<CoreFile, MemoryStream> _files = [];

    public IRandomAccess this[CoreFile file] => new Access(Stream(file));

    public void Apply(FileOperation operation)
    {
        switch (operation)
        {
            case FileWrite write:
                MemoryStream stream = Stream(write.File);
                stream.Position = write.Offset;
                stream.Write(write.Bytes.Span);
                break;
            case FileGather gather:
                Stream(gather.File).Position = gather.Offset;
                foreach (ReadOnlyMemory<byte> part in gather.Parts)
                    Stream(gather.File).Write(part.Span);
                break;
            case FileTruncate truncate:
                Stream(truncate.File).SetLength(truncate.Length);
                break;
            default:
                break;
        }
    }

    private MemoryStream Stream(CoreFile file)
    {
        if (!_files.TryGetValue(file, out MemoryStream? stream))
            _files.Add(file, stream = new MemoryStream());
        return stream;
    }

    private sealed class Access(MemoryStream stream) : IRandomAccess
    {
        public long Length => stream.Length;

        public int Read(long offset, Span<byte> destination)
        {
            if (offset >= stream.Length)
                return 0;
            stream.Position = offset;
            return stream.Read(destination);
        }
    }
}
