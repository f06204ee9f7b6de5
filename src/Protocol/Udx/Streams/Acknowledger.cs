namespace Hyper.Protocol.Udx.Streams;

/// <summary>Answers packets that arrive together with one state packet: at full speed one for each would be half of the work.</summary>
internal sealed class Acknowledger(UdxStreamOptions options, PacketWriter writer)
{
    private int _owed;
    private bool _leftOutRanges;

    /// <summary>A packet has arrived; it is answered at once when there are more gaps than one state packet can tell of.</summary>
    public void Owe(long sequence)
    {
        if (++_owed >= options.PacketsPerAcknowledgement || _leftOutRanges)
            Pay(sequence);
    }

    /// <summary>Answers what has arrived; before the stream is connected there is nobody to answer.</summary>
    public void Pay(long sequence)
    {
        if (_owed == 0 || !writer.IsConnected)
            return;
        _owed = 0;
        _leftOutRanges = !writer.WriteState(sequence);
    }
}
