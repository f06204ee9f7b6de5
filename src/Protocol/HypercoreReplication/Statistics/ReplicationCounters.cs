using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Statistics;

/// <summary>Counts while a core is exchanged.</summary>
internal sealed class ReplicationCounters
{
    private readonly Direction _sent = new(), _received = new();
    private long _invalidData;
    private long _invalidRequests;
    private long _timeouts;

    public void CountSent(ReplicationMessage message) => _sent.Count(message);

    public void CountReceived(ReplicationMessage message) => _received.Count(message);

    public void CountInvalidData() => _invalidData++;

    public void CountInvalidRequest() => _invalidRequests++;

    public void CountTimeout() => _timeouts++;

    public ReplicationStatistics Take() => new()
    {
        Sync = Messages(0),
        Requests = Messages(1),
        Cancels = Messages(2),
        Data = Messages(3),
        NoData = Messages(4),
        Wants = Messages(5),
        Unwants = Messages(6),
        Bitfields = Messages(7),
        Ranges = Messages(8),
        Extensions = Messages(9),
        Blocks = new MessageCount(_sent.Blocks, _received.Blocks),
        BlockBytes = new MessageCount(_sent.BlockBytes, _received.BlockBytes),
        InvalidData = _invalidData,
        InvalidRequests = _invalidRequests,
        Timeouts = _timeouts,
    };

    private MessageCount Messages(int type) => new(_sent.OfType(type), _received.OfType(type));

    private sealed class Direction
    {
        private readonly long[] _messages = new long[MessageCodec.LastType + 1];

        public long Blocks { get; private set; }

        public long BlockBytes { get; private set; }

        public long OfType(int type) => _messages[type];

        public void Count(ReplicationMessage message)
        {
            _messages[message.Type]++;
            if (message is not DataMessage { Proof.Block: { } block })
                return;
            Blocks++;
            BlockBytes += block.Value.Length;
        }
    }
}
