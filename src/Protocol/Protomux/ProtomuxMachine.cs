using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>Channels by name over one stream of messages; each side opens, and a channel exists once both have.</summary>
public sealed class ProtomuxMachine
{
    /// <summary>The largest payload of one channel message.</summary>
    public const int MaxPayloadLength = MuxOutput.MaxPayloadLength;

    private readonly ProtomuxOptions _options;
    private readonly Queue<ProtomuxEffect> _effects = new();
    private readonly MuxOutput _output;
    private readonly LocalChannels _local = new();
    private readonly RemoteChannels _remote;
    private readonly PairingTable _pairings = new();
    private readonly ParkedOpens _parked;
    private readonly InputQueue _input;

    public ProtomuxMachine(ProtomuxOptions options)
    {
        _options = options;
        _input = new InputQueue(options.MaxBatchDepth);
        _output = new MuxOutput(_effects, options.BatchBytes);
        _remote = new RemoteChannels(options);
        _parked = new ParkedOpens(_remote, _pairings, _output, _effects);
    }

    /// <summary>Whether no channel of this side exists or waits for an answer.</summary>
    public bool IsIdle => _local.IsEmpty;

    /// <summary>Whether there is more in the last message than is taken at once; <see cref="ReadOn"/> takes the next piece.</summary>
    public bool HasUnread => !_input.IsEmpty;

    /// <summary>Whether the owner should read nothing before <see cref="ReadOn"/>, or before channels for which much waits are opened or declined.</summary>
    public bool ShouldPauseReading => HasUnread || _remote.ParkedCost > _options.PauseAboveParkedCost;

    /// <summary>Set after a fault or the end of the stream: nothing more goes in or out.</summary>
    public bool IsClosed { get; private set; }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProtomuxEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Asks for <see cref="ProtomuxEffect.PairRequested"/> when the remote opens this protocol, with one id or (null) with any.</summary>
    public void Listen(string protocol, ReadOnlyMemory<byte>? id = null) => _parked.Listen(new ChannelName(protocol, id ?? default));

    public void Unlisten(string protocol, ReadOnlyMemory<byte>? id = null) => _parked.Unlisten(new ChannelName(protocol, id ?? default));

    /// <summary>Opens a channel and gives its handle; messages may be sent at once. False when the name is taken or the stream closed.</summary>
    public bool TryOpenChannel(ChannelRequest request, out int channel)
    {
        channel = 0;
        if (IsClosed)
            return false;
        Pairing pairing = _pairings.GetOrAdd(new ChannelName(request.Protocol, request.Id));
        if (request.IsUnique && pairing.OpenCount > 0)
            return false;
        foreach (string alias in request.Aliases)
            _remote.Move(_pairings.AddAlias(pairing, new ChannelName(alias, request.Id)), pairing);
        MuxChannel opened = _local.Add(request.MessageCount, pairing);
        channel = opened.Handle;
        _output.Open(opened.LocalId, request);
        if (pairing.Incoming.Count > 0)
            Unpark(opened, Pairing.TakeFirst(pairing.Incoming));
        else
            _local.Await(opened);
        return true;
    }

    /// <summary>Rejects every open of the remote that waits under this name.</summary>
    public void Decline(string protocol, ReadOnlyMemory<byte> id)
    {
        if (!IsClosed)
            _parked.Decline(new ChannelName(protocol, id));
    }

    /// <summary>Rejects every open of the remote that waits under names which nobody listens for any more.</summary>
    public void DeclineUnlistened()
    {
        if (!IsClosed)
            _parked.DeclineUnlistened();
    }

    /// <summary>Sends one message; false when the channel is closed.</summary>
    /// <param name="channel">The handle.</param>
    /// <param name="type">One of the types that the remote declared.</param>
    /// <param name="payload">The message, or how it begins.</param>
    /// <param name="tail">What follows, where a copy behind the beginning can be spared.</param>
    public bool Send(int channel, int type, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tail = default)
    {
        if (payload.Length > MaxPayloadLength - tail.Length)
            throw new ArgumentOutOfRangeException(nameof(payload), $"a message holds at most {MaxPayloadLength} bytes");
        if (IsClosed || _local.Find(channel) is not { } open)
            return false;
        _output.Data(open.LocalId, type, payload, tail);
        return true;
    }

    /// <summary>Closes a channel on both sides; a closed one stays closed.</summary>
    public void Close(int channel)
    {
        if (IsClosed || _local.Find(channel) is not { } open)
            return;
        int localId = open.LocalId;
        Remove(open, isRemote: false, isRejected: false);
        _output.Close(localId);
    }

    /// <summary>Collects what is written until as many <see cref="Uncork"/> calls have come, and sends it as one message.</summary>
    public void Cork() => _output.Cork();

    public void Uncork() => _output.Uncork();

    /// <summary>Takes one message of the secret stream, which must not change, or its first piece; replies to a piece leave in one message.</summary>
    public void HandleMessage(ReadOnlyMemory<byte> message)
    {
        if (IsClosed)
            return;
        bool isNext = !HasUnread;
        _input.Add(message);
        if (isNext)
            ReadOn();
    }

    /// <summary>Handles the next piece of what was not read at once.</summary>
    public void ReadOn()
    {
        int left = _options.MaxEntriesAtOnce;
        for (; left > 0 && _input.TryTakeUnparked(_local, out MuxChannel? channel, out (int Type, ReadOnlyMemory<byte> Payload) message); left--)
            Deliver(channel, message.Type, message.Payload);
        while (left > 0 && _input.TryPeekPacket(out PacketReader? reader))
            Read(reader, ref left);
    }

    private void Read(PacketReader reader, ref int left)
    {
        bool corked = false;
        for (; left > 0; left--)
        {
            if (IsClosed || !reader.TryNext(out ulong channel, out ReadOnlyMemory<byte> body))
            {
                _input.DropPacket();
                break;
            }

            if (!corked && reader.HasMore)
            {
                corked = true;
                Cork();
            }

            HandleEntry(channel, body);
        }

        if (reader.IsMalformed)
            Fail("malformed packet");
        if (corked)
            Uncork();
    }

    /// <summary>Takes the end of the stream: every channel closes as if the remote had closed it.</summary>
    public void HandleStreamClosed()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _input.Clear();
        foreach (MuxChannel channel in _local.All())
            Remove(channel, isRemote: true, isRejected: false);
    }

    private void HandleEntry(ulong channel, ReadOnlyMemory<byte> body)
    {
        CompactReader reader = new(body.Span);
        if (!reader.TryUInt(out ulong type))
        {
            Fail("malformed packet");
            return;
        }

        ReadOnlyMemory<byte> rest = body[reader.Position..];
        if (channel != 0)
            HandleData(channel, type, rest);
        else if (ControlMessage.TryRead(type, rest, out ControlMessage? message))
            HandleControl(message, rest.Length);
        else
            Fail("malformed control message");
    }

    private void HandleData(ulong remoteId, ulong type, ReadOnlyMemory<byte> payload)
    {
        // Data for a channel that was just closed is a race, not a fault.
        if (_remote.Find(remoteId) is not { } remote || type > int.MaxValue)
            return;
        if (remote.Paired is { } channel)
        {
            Deliver(channel, (int)type, payload);
            return;
        }

        if (!_remote.TryKeep(remote, (int)type, payload))
            Fail("too many messages for channels that are not open");
    }

    private void Deliver(MuxChannel channel, int type, ReadOnlyMemory<byte> payload)
    {
        if (type < channel.MessageCount)
            _effects.Enqueue(new ProtomuxEffect.MessageReceived(channel.Handle, type, payload));
    }

    private void HandleControl(ControlMessage? message, int length)
    {
        switch (message?.Type)
        {
            case ControlType.Open:
                HandleOpen(message, length);
                break;
            case ControlType.Reject:
                HandleReject(message.Id);
                break;
            case ControlType.Close:
                HandleClose(message.Id);
                break;
        }
    }

    private void HandleOpen(ControlMessage open, int length)
    {
        if (!_remote.TryReserve(open.Id))
        {
            Fail("invalid open message");
            return;
        }

        Pairing pairing = _pairings.GetOrAdd(open.Name);
        if (pairing.Outgoing.Count == 0)
            _parked.Park(pairing, open, length);
        else if (_local.TakeUnanswered(pairing) is { } channel)
            Pair(channel, (int)open.Id, open.Handshake);
        else
            _pairings.RemoveIfIdle(pairing);
    }

    private void Pair(MuxChannel channel, int remoteId, ReadOnlyMemory<byte> handshake)
    {
        channel.RemoteId = remoteId;
        _remote.Pair(remoteId, channel);
        _effects.Enqueue(new ProtomuxEffect.ChannelOpened(channel.Handle, handshake));
    }

    private void Unpark(MuxChannel channel, int remoteId)
    {
        RemoteChannel parked = _remote.Unpark(remoteId);
        Pair(channel, remoteId, parked.Handshake);
        bool isNext = !HasUnread;
        _input.Add(channel, parked.Messages);
        if (isNext)
            ReadOn();
    }

    private void HandleReject(ulong localId)
    {
        if (!_local.TryTakeRejected(localId, out MuxChannel? channel, out Pairing? pairing))
            Fail("invalid reject message");
        else if (channel is not null)
            Remove(channel, isRemote: true, isRejected: true);
        else
            _pairings.RemoveIfIdle(pairing!);
    }

    private void HandleClose(ulong remoteId)
    {
        if (_remote.Find(remoteId) is not { } remote)
            return;
        if (remote.Paired is { } channel)
        {
            Remove(channel, isRemote: true, isRejected: false);
            return;
        }

        // Upstream forgets such a close and later trips over the reused id; the reject releases the closer's id.
        _parked.Drop((int)remoteId, remote.ParkedIn!);
    }

    private void Remove(MuxChannel channel, bool isRemote, bool isRejected)
    {
        if (channel.RemoteId > 0)
            _remote.Free(channel.RemoteId);
        _local.Remove(channel);
        _pairings.RemoveIfIdle(channel.Pairing);
        _effects.Enqueue(new ProtomuxEffect.ChannelClosed(channel.Handle, isRemote, isRejected));
    }

    private void Fail(string reason)
    {
        if (IsClosed)
            return;
        HandleStreamClosed();
        _effects.Enqueue(new ProtomuxEffect.StreamFaulted(reason));
    }
}
