using System.Diagnostics;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>The limits that other figures stand against: cipher and hash on one core, and the system's sockets without anything on top.</summary>
internal sealed class BareHotPath : IHotPath
{
    private const double Megabyte = 1e6;
    private const int PacketBytes = 1452;
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(1);

    public string Name => "bare";

    public IReadOnlyList<string> Script => ["bare.js", "--seconds", "1"];

    public IReadOnlyList<string> Metrics =>
        ["bare.cipher.encrypt", "bare.cipher.decrypt", "bare.blake2b.65536B", "bare.udp.bulk"];

    public async Task MeasureAsync(MetricReport report)
    {
        byte[] plain = new byte[StreamHotPath.ChunkBytes], cipher = new byte[plain.Length + StreamCipher.Overhead];
        (Bytes32 key, byte[] header) = (SystemEntropy.Instance.Next32(), new byte[StreamCipher.HeaderSize]);
        StreamCipher writer = new(key, header);
        await report.SampleAsync(Metrics[0], "MB/s", () => Task.FromResult(Repeat(plain.Length, () => writer.Push(plain, cipher))));
        new StreamCipher(key, header).Push(plain, cipher);
        await report.SampleAsync(Metrics[1], "MB/s", () => Task.FromResult(Repeat(plain.Length, () =>
        {
            if (!new StreamCipher(key, header).TryPull(cipher, plain))
                throw new InvalidOperationException("the cipher does not open what it has sealed");
        })));
        await report.SampleAsync(Metrics[2], "MB/s", () => Task.FromResult(Repeat(plain.Length, () => Blake2b.Hash256(plain))));
        await report.SampleAsync(Metrics[3], "MB/s", () => Task.FromResult(BareSockets.Bulk(PacketBytes, Sample) / Megabyte / Sample.TotalSeconds));
    }

    private static double Repeat(int bytes, Action action)
    {
        long done = 0, began = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(began) < Sample; done += bytes)
            action();
        return done / Megabyte / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
