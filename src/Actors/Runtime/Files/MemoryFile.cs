namespace Hyper.Actors.Runtime.Files;

/// <summary>The bytes of one file, and what must be undone to get back to its last flush.</summary>
internal sealed class MemoryFile
{
    private readonly Queue<Undo> _unflushed = new();
    private byte[] _bytes = [];
    private long _changes;

    public int Length { get; private set; }

    /// <summary>Counts the changes so far; what a flush covers is named by it.</summary>
    public long Changes => _changes;

    public int Read(long offset, Span<byte> destination)
    {
        if (offset >= Length)
            return 0;
        int count = (int)Math.Min(destination.Length, Length - offset);
        _bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        int start = checked((int)offset);
        int end = checked(start + bytes.Length);
        Remember(start, end);
        if (end > Length)
            Resize(end);
        bytes.CopyTo(_bytes.AsSpan(start));
    }

    public void Truncate(long length)
    {
        Remember(checked((int)length), Length);
        Resize((int)length);
    }

    /// <summary>Makes the changes up to the given count last.</summary>
    public void Flush(long changes)
    {
        while (_unflushed.TryPeek(out Undo oldest) && oldest.Change <= changes)
            _unflushed.Dequeue();
    }

    public void LoseUnflushed()
    {
        foreach (Undo undo in _unflushed.Reverse())
        {
            Resize(undo.Length);
            undo.Bytes.CopyTo(_bytes.AsSpan(undo.Start));
        }

        _unflushed.Clear();
    }

    private void Remember(int start, int end)
    {
        byte[] overwritten = start < Length ? _bytes[start..Math.Min(end, Length)] : [];
        _unflushed.Enqueue(new Undo(++_changes, Length, start, overwritten));
    }

    private void Resize(int length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        if (length < Length)
            _bytes.AsSpan(length, Length - length).Clear();
        Length = length;
    }

    private readonly record struct Undo(long Change, int Length, int Start, byte[] Bytes);
}
