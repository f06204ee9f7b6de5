namespace Hyper.Protocol.Udx.Streams;

/// <summary>Answers packets that arrive together with one state packet: at full speed one for each would be half of the work.</summary>
/// <remarks>
/// Where the last packet was answered with data in time, the next one waits for data too, which acknowledges it: of call and reply
/// half of the packets would be acknowledgements otherwise.
/// </remarks>
internal sealed class Acknowledger(UdxStreamOptions options, PacketWriter writer, ReceiveWindow receiving)
{
    private int _owed;
    private bool _leftOutRanges;
    private long _highest = -1;
    private TimeSpan? _answerableUntil;
    private bool _isConversing;

    /// <summary>When a packet that waits for data is answered without.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>Something has arrived; it is answered at once when there are more gaps than one state packet can tell of.</summary>
    public void Owe(long sequence)
    {
        Deadline = null;
        if (++_owed >= options.PacketsPerAcknowledgement || _leftOutRanges)
            Pay(sequence);
    }

    /// <summary>The same for a reliable packet, which may wait when it is the only one and nothing is missing before it.</summary>
    public void Owe(long number, long sequence, TimeSpan now)
    {
        bool mayWait = _isConversing && _owed == 0 && number > _highest && number + 1 == receiving.Next && !receiving.RemoteEnded;
        _highest = Math.Max(_highest, number);
        _answerableUntil = now + options.AcknowledgementPatience;
        Owe(sequence);
        Deadline = mayWait && _owed > 0 ? _answerableUntil : null;
    }

    /// <summary>Data has left, and has acknowledged what arrived in order before.</summary>
    public void NoteAnswer(TimeSpan now)
    {
        _isConversing = now < _answerableUntil;
        _answerableUntil = null;
        if (Deadline is not null)
            (_owed, Deadline) = (0, null);
    }

    /// <summary>Answers what has arrived and need not wait any longer.</summary>
    public void PayWhenDue(long sequence, TimeSpan now)
    {
        if (now < Deadline)
            return;
        _isConversing &= Deadline is null;
        Pay(sequence);
    }

    /// <summary>Answers what has arrived; before the stream is connected there is nobody to answer.</summary>
    public void Pay(long sequence)
    {
        if (_owed == 0 || !writer.IsConnected)
            return;
        (_owed, Deadline) = (0, null);
        _leftOutRanges = !writer.WriteState(sequence);
    }
}
