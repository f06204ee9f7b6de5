namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Cuts a byte stream into length-prefixed bodies; memory grows with the bytes that arrive, not with the length they claim.</summary>
internal sealed class FrameReader
{
    internal const int PrefixSize = 3;
    private const int FirstCapacity = 4096;
    private const int KeptCapacity = 1 << 17;

    private byte[] _partial = [];
    private int _prefix;
    private int _prefixBytes;
    private int _bodyBytes;

    /// <summary>Length of the frame that is being received, once its prefix is complete.</summary>
    internal int? ExpectedLength => _prefixBytes == PrefixSize ? _prefix : null;

    /// <summary>Takes the next body off the input; it is valid until the next call. False when the input is used up.</summary>
    internal bool TryRead(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body)
    {
        body = default;
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
        body = _partial.AsSpan(0, _prefix);
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
            Grow(Math.Min(_prefix, Math.Max(needed, Math.Max(FirstCapacity, _partial.Length * 2))));
        bytes.CopyTo(_partial.AsSpan(_bodyBytes));
        _bodyBytes = needed;
    }

    private void Grow(int capacity)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(capacity);
        _partial.AsSpan(0, _bodyBytes).CopyTo(larger);
        _partial = larger;
    }

    private void Finish()
    {
        // The body handed out may still lie in the buffer, so a large one is let go rather than cleared.
        if (_partial.Length > KeptCapacity)
            _partial = [];
        (_prefix, _prefixBytes, _bodyBytes) = (0, 0, 0);
    }
}
