using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>Where the short messages of one moment are encoded side by side: memory for each alone would be cleared before it is written.</summary>
public sealed class MessageMemory
{
    private const int ChunkSize = 16 * 1024;
    private const int LongestShared = 2048;

    private CompactWriter? _chunk;
    private bool _isFirst = true;

    /// <summary>The encoded message, which stays as it is.</summary>
    public ReadOnlyMemory<byte> Encode(ReplicationMessage message)
    {
        int capacity = MessageCodec.Capacity(message);
        bool isAlone = _isFirst || capacity > LongestShared;
        _isFirst = false;
        if (isAlone)
            return MessageCodec.ToMemory(message);
        if (_chunk is null || _chunk.Length + capacity > ChunkSize)
            _chunk = new CompactWriter(ChunkSize);
        int start = _chunk.Length;
        MessageCodec.Encode(_chunk, message);
        return _chunk.WrittenFrom(start);
    }

    /// <summary>The moment is over: a session that is silent keeps no memory.</summary>
    public void End() => (_chunk, _isFirst) = (null, true);
}
