using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed class Blake2bBatchTests
{
    private static readonly Gen<byte[][]> s_inputs = Gen.OneOf(
        Gen.Byte.Array[0, 400].Array[0, 20],
        Gen.Int[0, 1300].SelectMany(length => Gen.Byte.Array[length].Array[1, 20]));

    // Narrower registers than the widest are tried as well.
    private static readonly int[] s_lanes =
    [
        0,
        .. Blake2bFourLanes.IsSupported ? [Blake2bFourLanes.Count] : (int[])[],
        .. Blake2bEightLanes.IsSupported ? [Blake2bEightLanes.Count] : (int[])[],
    ];

    [Fact]
    public void Hashing_many_at_once_equals_hashing_each_alone()
        => Gen.Select(Gen.Int[0, Blake2bBatch.MaxPrefixLength], s_inputs).Sample((prefixLength, inputs) => Check(prefixLength, inputs));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(73)]
    [InlineData(127)]
    public void Every_length_around_the_edges_of_chunks_hashes_right(int prefixLength)
        => Check(prefixLength, [.. Enumerable.Range(0, 640).Select(length => Enumerable.Repeat((byte)length, length).ToArray())]);

    [Fact]
    public void Hashing_messages_of_one_length_equals_hashing_each_alone()
        => Gen.Select(Gen.Int[1, Blake2bBatch.MaxPrefixLength], Gen.Int[0, 40]).Sample((length, count) =>
        {
            byte[] messages = [.. Enumerable.Range(0, length * count).Select(i => (byte)(i * 11))];
            Bytes32[] hashes = new Bytes32[count];
            Blake2bBatch.Hash256(messages, length, hashes);
            for (int i = 0; i < count; i++)
                Assert.Equal(Blake2b.Hash256(messages.AsSpan(i * length, length)), hashes[i]);
        });

    [Fact]
    public void A_prefix_as_long_as_a_chunk_is_refused()
        => Assert.Throws<ArgumentException>(
            () => Blake2bBatch.Hash256(new byte[Blake2bBatch.MaxPrefixLength + 1], new ReadOnlyMemory<byte>[1], new Bytes32[1]));

    private static void Check(int prefixLength, byte[][] inputs)
    {
        byte[] prefixes = [.. Enumerable.Range(0, prefixLength * inputs.Length).Select(i => (byte)(i * 7))];
        Bytes32[] hashes = new Bytes32[inputs.Length];
        foreach (int lanes in s_lanes)
        {
            Array.Clear(hashes);
            Blake2bBatch.Hash256(prefixes, [.. inputs.Select(input => (ReadOnlyMemory<byte>)input)], hashes, lanes);
            for (int i = 0; i < inputs.Length; i++)
                Assert.Equal(Blake2b.Hash256(prefixes.AsSpan(i * prefixLength, prefixLength), inputs[i]), hashes[i]);
        }
    }
}
