using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Delivery;

/// <summary>One envelope on its way to a peer.</summary>
/// <param name="Key">The envelope's hash; settles and replaces by it.</param>
public sealed record OutgoingEnvelope(Bytes32 Key, PublicKey To, string Method, ReadOnlyMemory<byte> Value);

/// <summary>Sends each envelope again until it is settled, with growing waits; the same bytes every time.</summary>
public sealed class OutboxMachine(OutboxOptions options, IEntropy entropy)
{
    private readonly Dictionary<Bytes32, Row> _rows = [];
    private readonly Queue<OutgoingEnvelope> _sends = [];

    /// <summary>When the next envelope is due.</summary>
    public TimeSpan? NextDeadline { get; private set; }

    public int Count => _rows.Count;

    /// <summary>The next envelope to send now.</summary>
    public bool TryTake(out OutgoingEnvelope envelope) => _sends.TryDequeue(out envelope!);

    /// <summary>False when it is full; an envelope that is there already is not added twice.</summary>
    public bool TryAdd(OutgoingEnvelope envelope, TimeSpan now)
    {
        if (_rows.ContainsKey(envelope.Key))
            return true;
        if (_rows.Count >= options.Capacity)
            return false;
        var row = new Row(envelope);
        _rows.Add(envelope.Key, row);
        Send(row, now);
        Schedule();
        return true;
    }

    /// <summary>The envelope has its answer.</summary>
    public void Settle(Bytes32 key)
    {
        if (_rows.Remove(key))
            Schedule();
    }

    /// <summary>The attempt failed; the next one follows after a wait.</summary>
    public void HandleFailed(Bytes32 key, TimeSpan now)
    {
        if (!_rows.TryGetValue(key, out Row? row))
            return;
        row.DueAt = now + Wait(row.Attempts);
        Schedule();
    }

    /// <summary>The peer can be reached again: what waits for it goes out now.</summary>
    public void HandleReachable(PublicKey peer, TimeSpan now)
    {
        foreach (Row row in _rows.Values.Where(row => row.Envelope.To == peer && !row.IsUnderWay(now)))
            Send(row, now);
        Schedule();
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (Row row in _rows.Values.Where(row => row.DueAt <= now))
            Send(row, now);
        Schedule();
    }

    private void Send(Row row, TimeSpan now)
    {
        row.Attempts++;
        row.AnswerBy = now + options.AnswerWithin;
        row.DueAt = row.AnswerBy + Wait(row.Attempts);
        _sends.Enqueue(row.Envelope);
    }

    private void Schedule() => NextDeadline = _rows.Count == 0 ? null : _rows.Values.Min(row => row.DueAt);

    private TimeSpan Wait(int attempts)
    {
        TimeSpan wait = options.FirstRetry * Math.Pow(2, Math.Min(attempts - 1, 16));
        if (wait > options.LongestRetry)
            wait = options.LongestRetry;
        return wait * (1 + (options.Jitter * ((2 * entropy.NextDouble()) - 1)));
    }

    private sealed class Row(OutgoingEnvelope envelope)
    {
        public OutgoingEnvelope Envelope { get; } = envelope;

        public int Attempts { get; set; }

        public TimeSpan AnswerBy { get; set; }

        public TimeSpan DueAt { get; set; }

        public bool IsUnderWay(TimeSpan now) => AnswerBy > now && DueAt > AnswerBy;
    }
}
