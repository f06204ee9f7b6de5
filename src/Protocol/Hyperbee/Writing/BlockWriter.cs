using System.Numerics;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Lays blocks out byte for byte as JavaScript writers do; one writer serves many blocks.</summary>
internal sealed class BlockWriter
{
    private const byte IndexTag = 0x0a, KeyTag = 0x12, ValueTag = 0x1a, LevelTag = 0x0a, KeysTag = 0x0a, ChildrenTag = 0x12;

    private byte[] _index = new byte[1024];
    private int _length;

    /// <summary>Adds a tree node to the block.</summary>
    public void AddLevel(WorkingNode node)
    {
        int keys = 0, children = 0;
        foreach (KeyPointer key in node.Keys)
            keys += BytesOf(key.Sequence);
        foreach (ChildPointer child in node.Children)
            children += BytesOf(child.Address.Sequence) + BytesOf((ulong)child.Address.Level);
        int length = BytesOfList(keys) + BytesOfList(children);
        if (_index.Length - _length < BytesOfField(length))
            Array.Resize(ref _index, Math.Max(2 * _index.Length, _length + BytesOfField(length)));

        WriteHead(LevelTag, length);
        if (keys > 0)
            WriteHead(KeysTag, keys);
        foreach (KeyPointer key in node.Keys)
            Write(key.Sequence);
        if (children > 0)
            WriteHead(ChildrenTag, children);
        foreach (ChildPointer child in node.Children)
        {
            Write(child.Address.Sequence);
            Write((ulong)child.Address.Level);
        }
    }

    /// <summary>The block with the tree nodes that were added, which the next one does not have.</summary>
    public byte[] Finish(ReadOnlySpan<byte> key, ReadOnlyMemory<byte>? value)
    {
        int length = BytesOfField(_length) + BytesOfField(key.Length) + (value is { } counted ? BytesOfField(counted.Length) : 0);
        byte[] block = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> rest = WriteField(block, IndexTag, _index.AsSpan(0, _length));
        rest = WriteField(rest, KeyTag, key);
        if (value is { } present)
            WriteField(rest, ValueTag, present.Span);
        _length = 0;
        return block;
    }

    // An empty list is left out.
    private static int BytesOfList(int length) => length == 0 ? 0 : BytesOfField(length);

    private static int BytesOfField(int length) => 1 + BytesOf((ulong)length) + length;

    private static int BytesOf(ulong number) => (BitOperations.Log2(number | 1) / 7) + 1;

    private static Span<byte> WriteField(Span<byte> destination, byte tag, ReadOnlySpan<byte> bytes)
    {
        destination[0] = tag;
        int head = 1 + Write(destination[1..], (ulong)bytes.Length);
        bytes.CopyTo(destination[head..]);
        return destination[(head + bytes.Length)..];
    }

    private void WriteHead(byte tag, int length)
    {
        _index[_length++] = tag;
        Write((ulong)length);
    }

    private void Write(ulong number) => _length += Write(_index.AsSpan(_length), number);

    private static int Write(Span<byte> destination, ulong number)
    {
        int written = 0;
        for (; number >= 0x80; number >>= 7)
            destination[written++] = (byte)(number | 0x80);
        destination[written++] = (byte)number;
        return written;
    }
}
