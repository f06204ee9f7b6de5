using System.Diagnostics;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Benchmarks.Cores;

/// <summary>What the disk, the hash and the cipher do on their own: no core can be faster.</summary>
internal static class BareSpeeds
{
    private const int Flushes = 200;
    private const int HashedTogether = 8;
    private const long HashedBytes = 64 << 20;

    /// <summary>Short writes at the end of one file for each second, each on disk before the next.</summary>
    public static double FlushesPerSecond(DirectoryInfo folder)
    {
        string path = Path.Combine(folder.FullName, "flushes");
        using (FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            byte[] bytes = new byte[100];
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < Flushes; i++)
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            return Flushes / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    /// <summary>Blocks for each second that one thread hashes and encrypts, as a sender does and, the other way round, a receiver.</summary>
    public static double HashedAndEncryptedPerSecond(int size)
    {
        ReadOnlyMemory<byte>[] blocks = CoreBench.MakeBlocks(HashedTogether, size);
        byte[] header = new byte[StreamCipher.HeaderSize], sealedBlock = new byte[size + StreamCipher.Overhead];
        StreamCipher cipher = new(Bytes32.Zero, header);
        int rounds = (int)(HashedBytes / size / HashedTogether);
        long began = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds; round++)
        {
            MerkleHash.Leaves(0, blocks);
            foreach (ReadOnlyMemory<byte> block in blocks)
                cipher.Push(block.Span, sealedBlock);
        }

        return rounds * HashedTogether / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
