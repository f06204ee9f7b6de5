using System.Buffers;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Lays blocks out byte for byte as JavaScript writers do; one writer serves many blocks.</summary>
internal sealed class BlockWriter
{
    private const byte IndexTag = 0x0a, KeyTag = 0x12, ValueTag = 0x1a, LevelTag = 0x0a, KeysTag = 0x0a, ChildrenTag = 0x12;
    private const int MaxNumberBytes = 10;

    private readonly ArrayBufferWriter<byte> _index = new(), _keys = new(), _children = new();

    /// <summary>Adds a tree node to the block.</summary>
    public void AddLevel(WorkingNode node)
    {
        _keys.ResetWrittenCount();
        _children.ResetWrittenCount();
        foreach (KeyPointer key in node.Keys)
            WriteNumber(_keys, key.Sequence);
        foreach (ChildPointer child in node.Children)
        {
            WriteNumber(_children, child.Address.Sequence);
            WriteNumber(_children, (ulong)child.Address.Level);
        }

        int length = BytesOfList(_keys) + BytesOfList(_children);
        WriteNumber(_index, LevelTag);
        WriteNumber(_index, (ulong)length);
        WriteList(KeysTag, _keys.WrittenSpan);
        WriteList(ChildrenTag, _children.WrittenSpan);
    }

    /// <summary>The block with the tree nodes that were added, which the next one does not have.</summary>
    public byte[] Finish(ReadOnlySpan<byte> key, ReadOnlyMemory<byte>? value)
    {
        ReadOnlySpan<byte> index = _index.WrittenSpan;
        int length = BytesOfField(index.Length) + BytesOfField(key.Length) + (value is { } counted ? BytesOfField(counted.Length) : 0);
        byte[] block = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> rest = WriteField(block, IndexTag, index);
        rest = WriteField(rest, KeyTag, key);
        if (value is { } present)
            WriteField(rest, ValueTag, present.Span);
        _index.ResetWrittenCount();
        return block;
    }

    // An empty list is left out.
    private static int BytesOfList(ArrayBufferWriter<byte> list) => list.WrittenCount == 0 ? 0 : BytesOfField(list.WrittenCount);

    private static int BytesOfField(int length) => 1 + BytesOfNumber((ulong)length) + length;

    private static int BytesOfNumber(ulong number)
    {
        int bytes = 1;
        for (; number >= 0x80; number >>= 7)
            bytes++;
        return bytes;
    }

    private void WriteList(byte tag, ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty)
            return;
        WriteNumber(_index, tag);
        WriteNumber(_index, (ulong)list.Length);
        _index.Write(list);
    }

    private static Span<byte> WriteField(Span<byte> destination, byte tag, ReadOnlySpan<byte> bytes)
    {
        destination[0] = tag;
        int head = 1 + WriteNumber(destination[1..], (ulong)bytes.Length);
        bytes.CopyTo(destination[head..]);
        return destination[(head + bytes.Length)..];
    }

    private static void WriteNumber(ArrayBufferWriter<byte> destination, ulong number)
        => destination.Advance(WriteNumber(destination.GetSpan(MaxNumberBytes), number));

    private static int WriteNumber(Span<byte> destination, ulong number)
    {
        int written = 0;
        for (; number >= 0x80; number >>= 7)
            destination[written++] = (byte)(number | 0x80);
        destination[written++] = (byte)number;
        return written;
    }
}
