using AuctionActors.EventLog.Querying;
using AuctionActors.EventLog.Recording;
using CsCheck;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Tests.EventLog;

public sealed class RecordingTests
{
    private readonly ManualClock _clock = new();
    private readonly List<byte[]> _blocks = [];

    [Fact]
    public void What_was_recorded_is_read_back()
    {
        EventRecorder recorder = new(_clock, _blocks.Add);
        EventId sent = recorder.Record(new EventEntry(EventKind.NetSend)
        {
            Peer = "Client#1",
            Message = new MessageId(UInt128.MaxValue - 5, 2),
            From = PeerAddress.Loopback(1),
            To = PeerAddress.Loopback(2),
            Size = 1200,
        });
        _clock.Now += TimeSpan.FromMilliseconds(3);
        recorder.Record(new EventEntry(EventKind.AuctionBidAccepted)
        {
            Peer = "Client#2",
            Cause = sent,
            Text = "75.5 USDt",
            Correlations = [new Correlation("auction", "9f3c")],
        });
        recorder.Close();

        List<LoggedEvent> events = ReadAll();
        Assert.Equal([1ul, 2ul], events.Select(item => item.Number));
        Assert.Equal(new MessageId(UInt128.MaxValue - 5, 2), events[0].Message);
        Assert.Equal("127.0.0.1:2", events[0].To);
        Assert.Equal(1ul, events[1].Cause);
        Assert.Equal(TimeSpan.FromMilliseconds(3), events[1].Time);
        Assert.Equal("75.5 USDt", events[1].Text);
        Assert.Equal("9f3c", events[1].Correlated("auction"));
    }

    [Fact]
    public void Batches_end_by_count_and_stand_alone()
    {
        EventRecorder recorder = new(_clock, _blocks.Add, new EventRecorderOptions { BatchEvents = 10 });
        for (int i = 0; i < 25; i++)
            recorder.Record(new EventEntry(EventKind.Note) { Peer = "p", Text = $"{i}" });
        recorder.Close();
        Assert.Equal(3, _blocks.Count);
        Assert.True(BatchReader.TryRead(_blocks[2], out List<LoggedEvent>? last));
        Assert.Equal("24", last[^1].Text);
        Assert.Equal("p", last[0].Peer);
    }

    [Fact]
    public void Random_blocks_are_refused_or_read_but_never_throw()
        => Gen.Byte.Array[0, 200].Sample(bytes => BatchReader.TryRead(bytes, out _) || bytes.Length >= 0);

    [Fact]
    public void Filters_take_patterns_aliases_and_prefixes()
    {
        EventRecorder recorder = new(_clock, _blocks.Add);
        recorder.Record(new EventEntry(EventKind.Note) { Correlations = [new Correlation("auction", "9f3c01"), new Correlation("alias", "Pic#1")] });
        recorder.Record(new EventEntry(EventKind.AuctionClose) { Correlations = [new Correlation("auction", "9f3c01")] });
        recorder.Record(new EventEntry(EventKind.AuctionClose) { Correlations = [new Correlation("auction", "77aa")] });
        recorder.Close();
        List<LoggedEvent> events = ReadAll();

        Correlation resolved = CorrelationAliases.Resolve(events, new Correlation("auction", "Pic#1"));
        Assert.Equal("9f3c01", resolved.Value);
        Assert.Equal([1ul, 2ul], Numbers(new LogFilter(correlation: new Correlation("auction", "9f"))));
        Assert.Equal([2ul, 3ul], Numbers(new LogFilter(kind: "auction.*")));

        IEnumerable<ulong> Numbers(LogFilter filter) => events.Where(filter.Matches).Select(item => item.Number);
    }

    private List<LoggedEvent> ReadAll()
    {
        List<LoggedEvent> events = [];
        foreach (byte[] block in _blocks)
        {
            Assert.True(BatchReader.TryRead(block, out List<LoggedEvent>? read));
            events.AddRange(read);
        }

        return events;
    }

    private sealed class ManualClock : IClock
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

        public long UnixMilliseconds => 0;
    }
}
