using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Writes what stands before the values of messages; many short ones share one array, which is never written twice.</summary>
internal sealed class RpcHeads
{
    private const int ChunkBytes = 2048;
    private readonly CompactWriter _writer = new();
    private Memory<byte> _chunk;

    internal CompactWriter Begin()
    {
        _writer.Reset();
        return _writer;
    }

    internal ReadOnlyMemory<byte> Take()
    {
        ReadOnlySpan<byte> written = _writer.Written;
        if (_chunk.Length < written.Length)
            _chunk = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, written.Length));
        Memory<byte> head = _chunk[..written.Length];
        written.CopyTo(head.Span);
        _chunk = _chunk[written.Length..];
        return head;
    }
}
