using CsCheck;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class SendBufferTests
{
    private const int LongWrite = 5000;

    [Fact]
    public void Any_range_that_is_kept_reads_as_it_was_written()
        => Gen.Select(Gen.Select(Gen.Int[1, 9000], Gen.Bool).Array[1, 40], Gen.Int).Sample((writes, seed) =>
        {
            Random random = new(seed);
            SendBuffer buffer = new();
            List<byte> written = [];
            foreach ((int length, bool isKept) in writes)
            {
                byte[] bytes = new byte[length];
                random.NextBytes(bytes);
                written.AddRange(bytes);
                if (isKept)
                    buffer.Append(bytes, new Owner());
                else
                    buffer.Append(bytes);
                buffer.ReleaseTo(random.NextInt64(buffer.Start, buffer.End));
                CheckAnyRange(buffer, written, random);
            }
        });

    [Fact]
    public void Memory_of_a_long_write_is_given_back_once_all_of_it_has_arrived()
    {
        SendBuffer buffer = new();
        Owner first = new(), second = new();
        buffer.Append(new byte[LongWrite], first);
        buffer.Append(new byte[LongWrite], second);

        buffer.ReleaseTo(LongWrite - 1);
        Assert.Equal((0, 0), (first.Disposals, second.Disposals));
        buffer.ReleaseTo(LongWrite);
        Assert.Equal((1, 0), (first.Disposals, second.Disposals));
        buffer.Clear();
        Assert.Equal((1, 1), (first.Disposals, second.Disposals));
    }

    [Fact]
    public void A_short_write_is_copied_and_its_memory_given_back_at_once()
    {
        SendBuffer buffer = new();
        Owner owner = new();
        byte[] bytes = [1, 2, 3];
        buffer.Append(bytes, owner);
        bytes[1] = 9;

        byte[] read = new byte[3];
        buffer.CopyTo(0, read);
        Assert.Equal((1, "010203"), (owner.Disposals, Convert.ToHexString(read)));
    }

    private static void CheckAnyRange(SendBuffer buffer, List<byte> written, Random random)
    {
        long from = random.NextInt64(buffer.Start, buffer.End);
        byte[] read = new byte[random.NextInt64(0, buffer.End - from + 1)];
        buffer.CopyTo(from, read);
        Assert.Equal(written.GetRange((int)from, read.Length), read);
    }

    private sealed class Owner : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
