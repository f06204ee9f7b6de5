namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Cuts a byte stream into length-prefixed bodies; memory grows with the bytes that arrive, not with the length they claim.</summary>
internal sealed class FrameReader
{
    internal const int PrefixSize = 3;
    private const int FirstCapacity = 4096;

    private byte[] _partial = [];
    private int _prefix;
    private int _prefixBytes;
    private int _bodyBytes;

    /// <summary>Length of the frame that is being received, once its prefix is complete.</summary>
    internal int? ExpectedLength => _prefixBytes == PrefixSize ? _prefix : null;

    /// <summary>Takes the next body off the input. False when the input is used up.</summary>
    /// <param name="input">Bytes of the stream; those that are used are cut off.</param>
    /// <param name="body">A body that lay in the input in one piece.</param>
    /// <param name="collected">The body when it came in several pieces; the memory is the caller's.</param>
    internal bool TryRead(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body, out Memory<byte> collected)
    {
        body = default;
        collected = default;
        if (!TryReadPrefix(ref input))
            return false;
        int missing = _prefix - _bodyBytes;
        if (_bodyBytes == 0 && input.Length >= missing)
        {
            body = input[..missing];
            input = input[missing..];
            Finish();
            return true;
        }

        int count = Math.Min(missing, input.Length);
        Collect(input[..count]);
        input = input[count..];
        if (_bodyBytes < _prefix)
            return false;
        collected = _partial.AsMemory(0, _prefix);
        _partial = [];
        Finish();
        return true;
    }

    private bool TryReadPrefix(ref ReadOnlySpan<byte> input)
    {
        while (_prefixBytes < PrefixSize)
        {
            if (input.IsEmpty)
                return false;
            _prefix |= input[0] << (8 * _prefixBytes++);
            input = input[1..];
        }

        return true;
    }

    private void Collect(ReadOnlySpan<byte> bytes)
    {
        int needed = _bodyBytes + bytes.Length;
        if (_partial.Length < needed)
            Grow(Math.Min(_prefix, Math.Max(needed, CapacityAfter(_partial.Length))));
        bytes.CopyTo(_partial.AsSpan(_bodyBytes));
        _bodyBytes = needed;
    }

    // Whoever has sent a little of a frame that is not very long gets memory for the rest.
    private static int CapacityAfter(int capacity) => capacity == 0 ? FirstCapacity : Math.Max(FrameWriter.LongestChunk, capacity * 2);

    private void Grow(int capacity)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(capacity);
        _partial.AsSpan(0, _bodyBytes).CopyTo(larger);
        _partial = larger;
    }

    private void Finish() => (_prefix, _prefixBytes, _bodyBytes) = (0, 0, 0);
}
