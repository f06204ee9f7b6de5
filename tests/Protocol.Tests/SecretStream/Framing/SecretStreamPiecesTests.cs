using CsCheck;
using Hyper.Protocol.SecretStream.Framing;

namespace AuctionActors.Protocol.Tests.SecretStream.Framing;

public sealed class SecretStreamPiecesTests
{
    [Fact]
    public void Frames_that_come_in_pieces_are_reported_as_one()
        => Gen.Select(Gen.Int[0, 90_000].Array[1, 6], Gen.Int[1, 3000], Gen.Int).Sample((lengths, piece, seed) =>
        {
            StreamPair pair = StreamPair.Dht();
            pair.Run();
            Random random = new(seed);
            byte[][] messages = [.. lengths.Select(length => Bytes(random, length + 1))];
            pair.Bob.HandleBytes(Cut(Written(pair, messages), piece), pair.Now);
            pair.TakeBytes(pair.Bob);

            Assert.Equal(messages, pair.Messages(pair.Bob));
            Assert.Single(pair.Seen(pair.Bob).OfType<SecretStreamEffect.MessagesReceived>());
        }, iter: 30);

    [Fact]
    public void A_frame_that_was_changed_in_one_of_its_pieces_ends_the_stream_after_those_before_it()
    {
        foreach (int length in (int[])[100, 5000, 100_000])
        {
            StreamPair pair = StreamPair.Dht();
            pair.Run();
            byte[] bytes = Written(pair, [[1], new byte[length]]);
            bytes[^40] ^= 1;
            pair.Bob.HandleBytes(Cut(bytes, 1000), pair.Now);
            pair.TakeBytes(pair.Bob);

            Assert.Equal([[1]], pair.Messages(pair.Bob));
            Assert.Equal(SecretStreamFault.InvalidMessage, pair.Fault(pair.Bob));
        }
    }

    private static byte[] Written(StreamPair pair, IEnumerable<byte[]> messages)
    {
        foreach (byte[] message in messages)
            Assert.True(pair.Alice.Write(message, pair.Now));
        return pair.TakeBytes(pair.Alice);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<ReadOnlyMemory<byte>> Cut(byte[] bytes, int length)
        => [.. bytes.Chunk(length).Select(piece => new ReadOnlyMemory<byte>(piece))];
}
