using CsCheck;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Protocol.Tests.CompactEncoding;

public sealed class Bytes32Tests
{
    // Neighbours share many bytes, so that every place decides now and then.
    private static readonly Gen<(byte[] Left, byte[] Right)> Pairs = Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 32], Gen.Byte, (bytes, place, other) =>
    {
        byte[] neighbour = [.. bytes];
        if (place < neighbour.Length)
            neighbour[place] = other;
        return (bytes, neighbour);
    });

    [Fact]
    public void Values_are_in_the_order_of_their_bytes()
        => Pairs.Sample(pair =>
        {
            (Bytes32 left, Bytes32 right) = (new Bytes32(pair.Left), new Bytes32(pair.Right));
            int expected = Math.Sign(pair.Left.AsSpan().SequenceCompareTo(pair.Right));
            return Math.Sign(left.CompareTo(right)) == expected && left < right == expected < 0 && left >= right == expected >= 0;
        });

    [Fact]
    public void The_distance_has_the_bits_in_which_two_values_differ()
        => Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32]).Sample((left, right) => Bytes32.Distance(new Bytes32(left), new Bytes32(right)).ToArray()
            .SequenceEqual(left.Zip(right, (one, other) => (byte)(one ^ other))));
}
