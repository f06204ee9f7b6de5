using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>Messages that hold more than is handled at once.</summary>
public sealed class LargeBatchTests
{
    private const int Piece = 100;
    private readonly MuxPair _pair = new() { B = new MuxSide(new ProtomuxOptions { MaxEntriesAtOnce = Piece }) };

    [Fact]
    public void A_batch_of_very_many_messages_is_taken_in_pieces_and_reading_waits_for_its_end()
    {
        ReadOnlyMemory<byte> batch = Batch(count: 1_000);
        _pair.B.Machine.HandleMessage(batch);
        _pair.B.Machine.HandleMessage(batch);
        for (int pieces = 1; _pair.B.Machine.HasUnread; pieces++)
        {
            Assert.True(_pair.B.Machine.ShouldPauseReading);
            _pair.B.Drain();
            Assert.Equal(pieces * Piece, _pair.B.Seen<ProtomuxEffect.MessageReceived>().Count());
            _pair.B.Machine.ReadOn();
        }

        _pair.B.Drain();
        Assert.False(_pair.B.Machine.ShouldPauseReading);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"{i % 1_000}"), _pair.B.Texts);
    }

    [Fact]
    public void What_waited_for_a_channel_is_delivered_in_pieces_and_before_what_is_read_later_unless_the_channel_goes()
    {
        _pair.B.Machine.Listen("late");
        int a = _pair.A.Open("late", "");
        for (int i = 0; i < 250; i++)
            _pair.A.Say(a, $"{i}");
        _pair.Run();
        int b = _pair.B.Open("late", "");
        _pair.B.Drain();
        Assert.Equal(Piece, _pair.B.Texts.Count());
        _pair.A.Say(a, "250");
        _pair.B.Machine.HandleMessage(Assert.Single(_pair.A.Drain()));
        _pair.B.Machine.ReadOn();
        _pair.B.Drain();
        Assert.Equal(Enumerable.Range(0, 2 * Piece).Select(i => $"{i}"), _pair.B.Texts);

        _pair.B.Machine.Close(b);
        _pair.B.Machine.ReadOn();
        _pair.B.Drain();
        Assert.Equal(2 * Piece, _pair.B.Texts.Count());
        Assert.False(_pair.B.Machine.HasUnread);
    }

    [Fact]
    public void Nothing_is_read_on_after_a_fault_or_the_end_of_the_stream()
    {
        _pair.B.Machine.HandleMessage(Batch(count: 300));
        _pair.B.Machine.HandleStreamClosed();
        Assert.False(_pair.B.Machine.HasUnread);
        _pair.B.Machine.ReadOn();
        _pair.B.Drain();
        Assert.Equal(Piece, _pair.B.Texts.Count());
    }

    private ReadOnlyMemory<byte> Batch(int count)
    {
        int a = _pair.A.Open("many", "");
        Assert.NotEqual(0, _pair.B.Open("many", ""));
        _pair.Run();
        _pair.A.Machine.Cork();
        for (int i = 0; i < count; i++)
            _pair.A.Say(a, $"{i}");
        _pair.A.Machine.Uncork();
        return Assert.Single(_pair.A.Drain());
    }
}
