namespace Hyper.Protocol.Udx.Streams;

/// <summary>Finds the largest packet the path carries: data packets padded with zeros to the size that is tried (RFC 8899).</summary>
internal sealed class PacketSizeSearch(UdxStreamOptions options)
{
    private int _target = options.PacketBytes;
    private int _losses;
    private bool _isStarted;
    private bool _isProbing;

    /// <summary>Size of a full packet, IP and UDP headers included.</summary>
    public int PacketBytes { get; private set; } = options.PacketBytes;

    public int PayloadBytes => PacketBytes - options.HeaderBytes;

    private bool IsOver => PacketBytes >= options.MaximumPacketBytes || _losses >= options.PacketSizeLosses;

    /// <summary>The first acknowledgement shows that the path carries anything at all.</summary>
    public void Start() => _isStarted = true;

    public void Restart()
    {
        PacketBytes = _target = options.PacketBytes;
        _losses = 0;
        _isProbing = false;
    }

    /// <summary>True when a packet with this much payload becomes the next probe by adding the padding.</summary>
    public bool TryPad(int payloadLength, out byte padding)
    {
        int missing = _target - options.HeaderBytes - payloadLength;
        bool fits = _isStarted && !_isProbing && !IsOver && missing is >= 0 and <= byte.MaxValue;
        padding = fits ? (byte)missing : (byte)0;
        _isProbing |= fits;
        return fits;
    }

    public void OnDelivered()
    {
        _isProbing = false;
        _losses = 0;
        PacketBytes = _target;
        _target = Math.Min(_target + options.PacketSizeStep, options.MaximumPacketBytes);
    }

    public void OnLost()
    {
        _isProbing = false;
        _losses++;
    }
}
