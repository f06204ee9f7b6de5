using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class OpeningTests
{
    private const int Blocks = 200_000;
    private const int Batch = 5000;

    [Fact]
    public void Opening_a_long_core_reads_a_few_pages_of_its_tree_and_bitfield()
    {
        MemoryCoreFiles files = new();
        KeyPair keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)5, 32)]));
        HypercoreMachine writer = HypercoreMachine.Create(files, CoreIdentity.ForWriter(keyPair), HypercoreOptions.AsUpstream);
        ReadOnlyMemory<byte>[] batch = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[] { 1 }, Batch)];
        for (int written = 0; written < Blocks; written += Batch)
        {
            writer.Append(batch);
            files.Run(writer);
        }

        CountedFiles counted = new(files);
        HypercoreMachine opened = HypercoreMachine.Open(counted, HypercoreOptions.AsUpstream);
        Assert.Equal((Blocks, Blocks), (opened.Tree.Length, opened.ContiguousLength));
        Assert.InRange(counted.Read(CoreFile.Tree), 1, files.Bytes(CoreFile.Tree).Length / 100);
        Assert.InRange(counted.Read(CoreFile.Bitfield), 1, files.Bytes(CoreFile.Bitfield).Length / 2);
        Assert.Equal(0, counted.Read(CoreFile.Data));
    }

    /// <summary>Counts the bytes that are read of each file.</summary>
    private sealed class CountedFiles(MemoryCoreFiles files) : ICoreFiles
    {
        private readonly Dictionary<CoreFile, long> _read = [];

        public IRandomAccess this[CoreFile file] => new Counted(this, file);

        public long Read(CoreFile file) => _read.GetValueOrDefault(file);

        private sealed class Counted(CountedFiles owner, CoreFile file) : IRandomAccess
        {
            private readonly IRandomAccess _file = owner.FileOf(file);

            public long Length => _file.Length;

            public int Read(long offset, Span<byte> destination)
            {
                int count = _file.Read(offset, destination);
                owner._read[file] = owner.Read(file) + count;
                return count;
            }
        }

        private IRandomAccess FileOf(CoreFile file) => files[file];
    }
}
