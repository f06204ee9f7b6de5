using AuctionActors.EventLog.Querying;
using AuctionActors.EventLog.Recording;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.EventLog;

public sealed class EventLogFolderTests : IDisposable
{
    private const int Events = 35;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"event-log-{Guid.NewGuid():n}");

    public EventLogFolderTests() => Write(Events);

    [Fact]
    public void A_sealed_log_verifies_and_reads_in_order()
    {
        using EventLogFolder log = EventLogFolder.Open(_path);
        Assert.Null(log.Verify());
        Assert.Equal(Enumerable.Range(1, Events).Select(number => (ulong)number), log.Read().Select(item => item.Number));
        Assert.Equal(log.TreeHash, log.Seal!.TreeHash);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("tree")]
    public void Any_changed_byte_of_a_block_or_node_fails(string file)
    {
        string path = Path.Combine(_path, file);
        byte[] sound = File.ReadAllBytes(path);
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] changed = [.. sound];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.True(Fails(), $"{file} with byte {i} changed passed");
        }
    }

    [Fact]
    public void Any_changed_byte_of_the_live_header_fails()
    {
        string path = Path.Combine(_path, "oplog");
        byte[] sound = File.ReadAllBytes(path);
        int start = LiveHeader(sound);
        int length = 8 + (int)(BitConverter.ToUInt32(sound, start + 4) >> 2);
        for (int i = start; i < start + length; i++)
        {
            byte[] changed = [.. sound];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.True(Fails(), $"oplog with byte {i} changed passed");
        }
    }

    [Fact]
    public void A_log_that_may_not_grow_keeps_its_last_events_and_verifies_across_runs()
    {
        Directory.Delete(_path, recursive: true);
        for (int run = 1; run <= 3; run++)
        {
            Write(1000, keepBytes: 4000);
            using EventLogFolder log = EventLogFolder.Open(_path);
            Assert.Null(log.Verify());
            LoggedEvent[] kept = [.. log.Read()];
            Assert.Equal((ulong)(1000 * run), kept[^1].Number);
            Assert.InRange(kept.Length, 20, 500);
            Assert.Equal(kept[^1].Number - kept[0].Number + 1, (ulong)kept.Length);
        }
    }

    [Fact]
    public void A_log_without_a_seal_is_sound_but_open()
    {
        File.Delete(Path.Combine(_path, EventLogSeal.FileName));
        using EventLogFolder log = EventLogFolder.Open(_path);
        Assert.True(log.IsOpenEnded);
        Assert.Null(log.FindFault());
        Assert.Equal("the log has no seal", log.Verify());
        Assert.Equal((ulong)Events, log.End.Count);
    }

    [Fact]
    public void The_same_events_give_the_same_digest_and_others_another()
    {
        string first = Digest();
        Directory.Delete(_path, recursive: true);
        Write(Events);
        Assert.Equal(first, Digest());
        Directory.Delete(_path, recursive: true);
        Write(Events + 1);
        Assert.NotEqual(first, Digest());
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    // The two slots carry a bit each; equal bits mean the first slot is the newer one (reference, oplog).
    private static int LiveHeader(byte[] oplog)
    {
        bool first = (oplog[4] & 1) == 1, second = BitConverter.ToUInt32(oplog, 4096) != 0 && (oplog[4100] & 1) == 1;
        return BitConverter.ToUInt32(oplog, 4096) == 0 || first == second ? 0 : 4096;
    }

    private string Digest()
    {
        using EventLogFolder log = EventLogFolder.Open(_path);
        return log.TreeHash;
    }

    private bool Fails()
    {
        try
        {
            using EventLogFolder log = EventLogFolder.Open(_path);
            return log.Verify() is not null;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private void Write(int events, long keepBytes = long.MaxValue)
    {
        LogPosition end = default;
        if (Directory.Exists(_path))
        {
            using EventLogFolder before = EventLogFolder.Open(_path);
            end = before.End;
        }

        using DiskFileStore disk = new();
        using EventLogWriter writer = new(disk, _path, KeyPair.Generate(new SeededEntropy(7, "event log")), keepBytes);
        EventRecorder recorder = new(new StoppedClock(), writer.Append, new EventRecorderOptions { BatchEvents = 10, After = end });
        for (int i = 0; i < events; i++)
            recorder.Record(new EventEntry(EventKind.Note) { Peer = "p", Text = $"{i}" });
        recorder.Close();
        writer.Seal(recorder.Count);
    }

    private sealed class StoppedClock : IClock
    {
        public TimeSpan Now => TimeSpan.Zero;

        public long UnixMilliseconds => 0;
    }
}
