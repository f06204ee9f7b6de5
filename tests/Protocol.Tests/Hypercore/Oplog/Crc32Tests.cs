using CsCheck;
using Hyper.Protocol.Hypercore.Oplog;

namespace AuctionActors.Protocol.Tests.Hypercore.Oplog;

public sealed class Crc32Tests
{
    [Fact]
    public void The_checksum_is_that_of_zip()
        => Assert.Equal(0xcbf43926, Crc32.Compute("123456789"u8));

    [Fact]
    public void Checksums_of_any_length_equal_those_computed_bit_by_bit()
        => Gen.Byte.Array[0, 700].Sample(bytes => Crc32.Compute(bytes) == BitByBit(bytes));

    private static uint BitByBit(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        return ~crc;
    }
}
