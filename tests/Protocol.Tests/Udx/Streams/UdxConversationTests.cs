using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxConversationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);
    private readonly StreamPair _pair = new(right: new UdxStreamOptions { AcknowledgementPatience = Patience });

    [Fact]
    public void The_first_packet_is_acknowledged_at_once()
    {
        Arrive(_pair);

        Assert.Equal(1, AcknowledgementsOf(_pair));
    }

    [Fact]
    public void In_a_conversation_the_answer_acknowledges_what_it_answers()
    {
        Converse(_pair);
        Arrive(_pair);
        Assert.Equal(1, AcknowledgementsOf(_pair));

        Answer(_pair);
        _pair.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(1, AcknowledgementsOf(_pair));
        Assert.Equal(0, _pair.Left.Stream.QueuedBytes);
        Assert.Equal(0, _pair.Left.Stream.Counters.Retransmissions);
    }

    [Fact]
    public void Without_an_answer_the_acknowledgement_leaves_when_patience_ends()
    {
        Converse(_pair);
        Arrive(_pair);
        TimeSpan arrived = _pair.Now;
        Assert.Equal(arrived + Patience, _pair.Right.Stream.NextDeadline);

        _pair.RunFor(Patience);
        Assert.Equal(2, AcknowledgementsOf(_pair));
        _pair.RunFor(TimeSpan.FromSeconds(1));
        Arrive(_pair);
        Assert.Equal(3, AcknowledgementsOf(_pair));
    }

    [Fact]
    public void A_second_packet_a_repeated_one_and_one_behind_a_gap_are_acknowledged_at_once()
    {
        Converse(_pair);
        _pair.Left.Stream.Write("one"u8, _pair.Now);
        _pair.Drain();
        _pair.Left.Stream.Write("two"u8, _pair.Now);
        Assert.True(_pair.RunUntil(() => _pair.Right.ReceivedCount == "callonetwo".Length));
        Assert.Equal(2, AcknowledgementsOf(_pair));

        LinkPacket latest = _pair.SentBy(_pair.Left).Last(packet => packet.Header.IsReliable);
        _pair.Right.Stream.HandleDatagram(latest.Bytes, _pair.Now);
        _pair.Drain();
        Assert.Equal(3, AcknowledgementsOf(_pair));

        _pair.Drop = packet => packet.From == "left";
        _pair.Left.Stream.Write("lost"u8, _pair.Now);
        _pair.Drain();
        _pair.Drop = _ => false;
        Arrive(_pair, isInOrder: false);
        Assert.Equal(4, AcknowledgementsOf(_pair));
    }

    private static void Converse(StreamPair pair)
    {
        Arrive(pair);
        Answer(pair);
        pair.RunFor(TimeSpan.FromMilliseconds(100));
    }

    private static void Arrive(StreamPair pair, bool isInOrder = true)
    {
        long before = pair.Right.Stream.Counters.ReceivedPackets;
        long bytes = pair.Right.ReceivedCount;
        pair.Left.Stream.Write("call"u8, pair.Now);
        Assert.True(pair.RunUntil(() => isInOrder ? pair.Right.ReceivedCount > bytes : pair.Right.Stream.Counters.ReceivedPackets > before));
    }

    private static void Answer(StreamPair pair)
    {
        pair.Right.Stream.Write("reply"u8, pair.Now);
        pair.Drain();
    }

    private static int AcknowledgementsOf(StreamPair pair)
        => pair.SentBy(pair.Right).Count(packet => packet.Header.Flags is PacketFlags.None or PacketFlags.Sack);
}
