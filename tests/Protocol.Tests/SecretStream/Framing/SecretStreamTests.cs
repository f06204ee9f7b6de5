using CsCheck;
using Hyper.Protocol.SecretStream.Framing;

namespace AuctionActors.Protocol.Tests.SecretStream.Framing;

public sealed class SecretStreamTests
{
    private static readonly SecretStreamOptions Plain = new();

    [Fact]
    public void Messages_keep_their_boundaries_however_the_bytes_are_cut()
        => Gen.Select(Gen.Byte.Array[0, 200].Array[0, 20], Gen.Int[1, 300]).Sample((messages, chunk) =>
        {
            StreamPair pair = StreamPair.Standalone(chunk);
            pair.Run();
            foreach (byte[] message in messages)
                Assert.True(pair.Alice.Write(message, pair.Now));
            pair.Run();
            return pair.Messages(pair.Bob).Zip(messages).All(both => both.First.AsSpan().SequenceEqual(both.Second))
                && pair.Messages(pair.Bob).Count() == messages.Length;
        }, iter: 60);

    [Fact]
    public void Many_long_messages_written_at_once_leave_in_several_buffers_and_arrive_in_order()
    {
        StreamPair pair = StreamPair.Dht();
        pair.Run();
        int[] lengths = [10, 70_000, 70_000, 1, 79_000, 200_000, 3, 0x8000];
        byte[][] messages = [.. lengths.Select((length, i) => Enumerable.Repeat((byte)(i + 1), length).ToArray())];
        foreach (byte[] message in messages)
            Assert.True(pair.Alice.Write(message, pair.Now));
        pair.Run();
        Assert.Equal(messages, pair.Messages(pair.Bob));
        Assert.True(pair.Seen(pair.Alice).OfType<SecretStreamEffect.Transmit>().Count() > 4);
    }

    [Fact]
    public void Strangers_learn_each_others_keys()
    {
        StreamPair pair = StreamPair.Standalone(1);
        pair.Run();
        Assert.Equal(pair.Bob.Session!.LocalPublicKey, pair.Alice.Session!.RemotePublicKey);
        Assert.Equal(pair.Alice.Session.LocalPublicKey, pair.Bob.Session.RemotePublicKey);
        Assert.Equal(pair.Alice.Session.HandshakeHash, pair.Bob.Session.HandshakeHash);
    }

    [Fact]
    public void Writing_needs_no_answer_from_the_remote()
    {
        StreamPair pair = StreamPair.Dht();
        Assert.True(pair.Alice.Write([1], pair.Now));
        pair.Bob.HandleBytes(pair.TakeBytes(pair.Alice), pair.Now);
        pair.TakeBytes(pair.Bob);
        Assert.Equal([[1]], pair.Messages(pair.Bob));
    }

    [Fact]
    public void A_megabyte_arrives_in_one_piece()
    {
        StreamPair pair = StreamPair.Standalone(1152);
        pair.Run();
        byte[] message = new byte[1 << 20];
        new Hyper.Protocol.Cryptography.SeededEntropy(3, "message").Fill(message);
        pair.Alice.Write(message, pair.Now);
        pair.Run();
        Assert.Equal(message, pair.Messages(pair.Bob).Single());
    }

    [Fact]
    public void Every_message_of_one_input_is_reported_in_one_batch()
    {
        StreamPair pair = StreamPair.Dht();
        for (byte i = 0; i < 10; i++)
            pair.Alice.Write([i], pair.Now);
        pair.Run();
        Assert.Equal(10, Assert.Single(pair.Seen(pair.Bob).OfType<SecretStreamEffect.MessagesReceived>()).Messages.Count);
        Assert.Single(pair.Seen(pair.Alice).OfType<SecretStreamEffect.Transmit>());
    }

    [Fact]
    public void Keep_alives_go_out_only_while_nothing_is_written_and_are_not_reported()
    {
        StreamPair pair = StreamPair.Dht();
        pair.Run();
        Assert.Equal(TimeSpan.FromSeconds(5), pair.Alice.NextDeadline);
        pair.Now = TimeSpan.FromSeconds(3);
        pair.Alice.Write([1], pair.Now);
        pair.Now = TimeSpan.FromSeconds(5);
        pair.Alice.HandleTimeout(pair.Now);
        pair.Run();
        Assert.Equal(TimeSpan.FromSeconds(8), pair.Alice.NextDeadline);
        pair.Now = TimeSpan.FromSeconds(8);
        pair.Alice.HandleTimeout(pair.Now);
        Assert.Equal(20, pair.TakeBytes(pair.Alice).Length);
        Assert.Single(pair.Messages(pair.Bob));
    }

    [Fact]
    public void Without_keep_alive_empty_messages_are_delivered()
    {
        StreamPair pair = StreamPair.Dht(Plain);
        Assert.Null(pair.Alice.NextDeadline);
        pair.Alice.Write([], pair.Now);
        pair.Run();
        Assert.Empty(pair.Messages(pair.Bob).Single());
    }

    [Fact]
    public void Silence_ends_the_stream_when_a_timeout_is_set()
    {
        StreamPair pair = StreamPair.Dht(Plain with { Timeout = TimeSpan.FromSeconds(10) });
        pair.Now = TimeSpan.FromSeconds(4);
        pair.Run();
        Assert.Equal(TimeSpan.FromSeconds(14), pair.Alice.NextDeadline);
        pair.Alice.HandleTimeout(TimeSpan.FromSeconds(14));
        pair.Run();
        Assert.Equal(SecretStreamFault.TimedOut, pair.Fault(pair.Alice));
        Assert.Null(pair.Alice.NextDeadline);
    }

    [Fact]
    public void The_end_follows_everything_written_and_stops_the_keep_alive()
    {
        StreamPair pair = StreamPair.Dht();
        pair.Alice.Write([1], pair.Now);
        pair.Alice.Finish();
        Assert.False(pair.Alice.Write([2], pair.Now));
        pair.Run();
        Assert.Equal([[1]], pair.Messages(pair.Bob));
        Assert.IsType<SecretStreamEffect.RemoteEnded>(pair.Seen(pair.Bob)[^1]);
        Assert.Null(pair.Alice.NextDeadline);
        Assert.True(pair.Bob.Write([3], pair.Now));
    }

    [Fact]
    public void Unordered_messages_arrive_and_forged_ones_are_dropped()
    {
        StreamPair pair = StreamPair.Dht();
        Assert.True(pair.Alice.WriteUnordered([1, 2]));
        Assert.True(pair.Alice.WriteUnordered([]));
        pair.Run();
        Assert.Equal(2, pair.Seen(pair.Bob).OfType<SecretStreamEffect.UnorderedReceived>().Count());
        Gen.Byte.Array[0, 60].Sample(bytes => pair.Bob.HandleUnordered(bytes), threads: 1);
        pair.Run();
        Assert.Equal(2, pair.Seen(pair.Bob).OfType<SecretStreamEffect.UnorderedReceived>().Count());
    }

    [Fact]
    public void A_message_too_large_for_a_frame_is_an_error_of_the_caller()
        => Assert.Throws<ArgumentOutOfRangeException>(() => StreamPair.Dht().Alice.Write(new byte[SecretStreamOptions.LargestMessageLength + 1], default));

    [Theory]
    [InlineData("370000", SecretStreamFault.InvalidHeader)]
    [InlineData("ffffff", SecretStreamFault.InvalidHeader)]
    [InlineData("000000", SecretStreamFault.InvalidHeader)]
    public void A_header_of_another_length_ends_the_stream_before_it_arrives(string prefix, SecretStreamFault fault)
    {
        StreamPair pair = StreamPair.Dht();
        pair.Bob.HandleBytes(Convert.FromHexString(prefix), pair.Now);
        pair.TakeBytes(pair.Bob);
        Assert.Equal(fault, pair.Fault(pair.Bob));
    }

    [Fact]
    public void A_header_of_another_session_ends_the_stream()
    {
        StreamPair pair = StreamPair.Dht();
        byte[] header = pair.TakeBytes(pair.Alice);
        header[3] ^= 1;
        pair.Bob.HandleBytes(header, pair.Now);
        pair.TakeBytes(pair.Bob);
        Assert.Equal(SecretStreamFault.InvalidHeader, pair.Fault(pair.Bob));
    }

    [Fact]
    public void A_tampered_frame_ends_the_stream_after_the_messages_before_it()
    {
        StreamPair pair = StreamPair.Dht();
        pair.Run();
        pair.Alice.Write([1], pair.Now);
        byte[] good = pair.TakeBytes(pair.Alice);
        pair.Alice.Write([2], pair.Now);
        byte[] bad = pair.TakeBytes(pair.Alice);
        bad[^1] ^= 1;
        pair.Bob.HandleBytes([.. good, .. bad], pair.Now);
        pair.TakeBytes(pair.Bob);
        Assert.Equal([[1]], pair.Messages(pair.Bob));
        Assert.Equal(SecretStreamFault.InvalidMessage, pair.Fault(pair.Bob));
        Assert.False(pair.Bob.Write([1], pair.Now));
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("000000")]
    public void A_frame_shorter_than_its_overhead_ends_the_stream(string prefix)
    {
        StreamPair pair = StreamPair.Dht();
        pair.Run();
        pair.Bob.HandleBytes(Convert.FromHexString(prefix), pair.Now);
        pair.TakeBytes(pair.Bob);
        Assert.Equal(SecretStreamFault.InvalidMessage, pair.Fault(pair.Bob));
    }

    [Fact]
    public void A_claimed_length_takes_no_memory_until_its_bytes_arrive()
    {
        StreamPair pair = StreamPair.Dht();
        pair.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        pair.Bob.HandleBytes([0xff, 0xff, 0xff, 1, 2, 3], pair.Now);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Random_bytes_end_a_handshake_without_an_exception()
        => Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            StreamPair pair = StreamPair.Standalone();
            pair.Bob.HandleBytes(bytes, pair.Now);
            pair.Bob.HandleBytes(bytes, pair.Now);
            return pair.Bob.Session is null;
        }, iter: 200);
}
