using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>The three machines of one connection, each feeding the next: packets, encrypted frames, channel messages.</summary>
internal sealed class ConnectionMachine
{
    // Length and body of the first frame, which proves that the remote end holds the session's keys' name.
    private const int HeaderFrameBytes = 3 + 32 + 24;
    private readonly ConnectionOptions _options;
    private readonly IEntropy _entropy;
    private readonly UdxStreamMachine _udx;
    private readonly IncomingBytes _input;
    private readonly Queue<ConnectionEffect> _effects = new();
    private SecretStreamMachine? _secret;
    private TimeSpan? _giveUpAt;
    private ConnectionCloseReason? _reason;
    private string? _detail;
    private bool _isOpen;
    private bool _isClosing;

    public ConnectionMachine(ConnectionOptions options, uint localStreamId, IEntropy entropy, TimeSpan now)
    {
        (_options, _entropy, _giveUpAt) = (options, entropy, now + options.DialTimeout);
        _udx = new UdxStreamMachine(options.Udx, localStreamId);
        Output = new OutgoingBytes(options, _udx, _effects);
        Mux = new ProtomuxMachine(options.Protomux);
        _input = new IncomingBytes(_udx, Mux);
    }

    public ProtomuxMachine Mux { get; }

    public OutgoingBytes Output { get; }

    public UdxStreamMachine Udx => _udx;

    public bool IsClosed { get; private set; }

    public bool IsEstablished => _secret is not null;

    public bool NeedsRemote => IsEstablished && !_udx.IsConnected;

    /// <summary>Valid after <see cref="Settle"/>.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? earliest = Output.Deadline is { } first && !(_giveUpAt <= first) ? first : _giveUpAt;
            if (_udx.NextDeadline is { } udx && !(earliest <= udx))
                earliest = udx;
            if (_udx.IsConnected && _secret?.NextDeadline is { } secret && !(earliest <= secret))
                earliest = secret;
            return IsClosed ? null : earliest;
        }
    }

    /// <summary>Begins the encrypted session; what has arrived before is read now.</summary>
    public void Establish(NoiseResult session, TimeSpan pathTimeout, bool speaksAtOnce, TimeSpan at)
    {
        if (speaksAtOnce)
            Output.Keep();
        _secret ??= new SecretStreamMachine(session, _options.SecretStream, _entropy, at);
        _giveUpAt = at + pathTimeout;
    }

    public void Connect(uint remoteStreamId, TimeSpan at)
    {
        _udx.Connect(remoteStreamId, at);
        Output.HandleConnected(at);
        _giveUpAt = at + _options.OpenTimeout;
    }

    public void Move(uint remoteStreamId, TimeSpan at) => _udx.ChangeRemote(remoteStreamId, at);

    /// <summary>The datagram's memory must stay until <see cref="Settle"/> has been called.</summary>
    public void HandleDatagram(ReadOnlyMemory<byte> datagram, TimeSpan at)
    {
        if (_secret is null)
            _udx.HandleDatagram(datagram.Span, at); // nobody reads it yet
        else
            _udx.HandleBorrowed(datagram, at);
    }

    public void HandleTimeout(TimeSpan at)
    {
        if (_giveUpAt <= at)
        {
            Destroy(_isClosing ? ConnectionCloseReason.Destroyed : ConnectionCloseReason.TimedOut, null, at);
            return;
        }

        if (_udx.NextDeadline <= at)
            _udx.HandleTimeout(at);
        if (_udx.IsConnected && _secret?.NextDeadline <= at)
            _secret.HandleTimeout(at);
    }

    /// <summary>Carries out an order about the connection as a whole.</summary>
    public void Obey(ConnectionProtocol.ICommand order, TimeSpan at)
    {
        if (order is ConnectionProtocol.Close)
            Close(at);
        else if (order is ConnectionProtocol.Destroy)
            Destroy(ConnectionCloseReason.Destroyed, null, at);
        else if (order is ConnectionProtocol.SendKeepAlive)
            _secret?.Write([], at); // an empty frame, which the remote end must acknowledge or be found dead
    }

    /// <summary>Ends this side after everything written and gives the remote end time to do the same.</summary>
    public void Close(TimeSpan at)
    {
        if (_secret is null || !_udx.IsConnected)
        {
            Destroy(ConnectionCloseReason.Destroyed, null, at);
            return;
        }

        _isClosing = true;
        _secret.Finish();
        _giveUpAt = at + _options.CloseTimeout;
    }

    public void Destroy(ConnectionCloseReason reason, string? detail, TimeSpan at)
    {
        (_reason, _detail) = (_reason ?? reason, _detail ?? detail);
        _udx.Destroy(at);
    }

    /// <summary>Passes everything on from machine to machine until all are at rest; effects are complete afterwards.</summary>
    public void Settle(TimeSpan at)
    {
        if (_secret is null && !_udx.IsClosed)
            return;
        bool moved = true;
        while (moved)
        {
            moved = SettleMux(at) | SettleSecret(at);
            moved |= _secret is not null && _input.TryResume(_secret, at);
            Output.LetGoWhenDue(at);
            moved |= SettleUdx(at);
        }
    }

    public bool TryTake(out ConnectionEffect effect) => _effects.TryDequeue(out effect!);

    private bool SettleUdx(TimeSpan at)
    {
        bool moved = false;
        while (_udx.TryTake(out UdxStreamEffect effect))
        {
            moved = true;
            switch (effect)
            {
                case UdxStreamEffect.Transmit transmit:
                    _effects.Enqueue(new ConnectionEffect.Transmit(transmit.Packets));
                    break;
                case UdxStreamEffect.DataReceived data when _secret is not null:
                    _input.Receive(data, _secret, at);
                    break;
                case UdxStreamEffect.MessageReceived message when _secret is not null:
                    _secret.HandleUnordered(message.Bytes.Span);
                    break;
                case UdxStreamEffect.RemoteEnded:
                    _input.ReceiveEnd();
                    break;
                case UdxStreamEffect.Drained:
                    Output.HandleDrained();
                    break;
                case UdxStreamEffect.RemoteChanged:
                    _udx.SendMessage([], at); // shows the remote end the new way, with nothing in it
                    _effects.Enqueue(new ConnectionEffect.Moved());
                    break;
                case UdxStreamEffect.Closed closed:
                    OnClosed(closed.Reason, at);
                    break;
            }
        }

        return moved;
    }

    private bool SettleSecret(TimeSpan at)
    {
        bool moved = false;
        while (_secret is not null && _secret.TryTake(out SecretStreamEffect? effect))
        {
            moved = true;
            switch (effect)
            {
                case SecretStreamEffect.Transmit transmit:
                    if (!Output.TryWrite(transmit.Bytes, transmit, at))
                        Destroy(ConnectionCloseReason.ProtocolFault, $"{_udx.QueuedBytes} bytes wait for a remote end that takes none", at);
                    break;
                case SecretStreamEffect.TransmitUnordered unordered:
                    _udx.SendMessage(unordered.Envelope.Span, at);
                    break;
                case SecretStreamEffect.MessagesReceived received:
                    foreach (ReadOnlyMemory<byte> message in received.Messages)
                        Mux.HandleMessage(message);
                    break;
                case SecretStreamEffect.FinishTransmission:
                    Output.LetGo(at);
                    _udx.WriteEnd(at);
                    break;
                case SecretStreamEffect.RemoteEnded:
                    Mux.HandleStreamClosed();
                    _secret.Finish();
                    break;
                case SecretStreamEffect.Faulted faulted:
                    Destroy(
                        faulted.Fault == SecretStreamFault.TimedOut ? ConnectionCloseReason.TimedOut : ConnectionCloseReason.ProtocolFault,
                        faulted.Fault.ToString(), at);
                    break;
            }
        }

        NoteOpen();
        return moved;
    }

    private bool SettleMux(TimeSpan at)
    {
        bool moved = false;
        ConnectionEffect.ChannelMessages? run = null;
        while (Mux.TryTake(out ProtomuxEffect? effect))
        {
            moved = true;
            if (effect is ProtomuxEffect.MessageReceived received)
            {
                if (run?.Channel != received.Channel)
                    _effects.Enqueue(run = new ConnectionEffect.ChannelMessages(received.Channel, []));
                run.Messages.Add(new ChannelMessage(received.Type, received.Payload));
                continue;
            }

            if (effect is ProtomuxEffect.Transmit transmit)
            {
                _secret?.Write(transmit.Message.Span, at);
                transmit.Release();
                continue;
            }

            run = null;
            HandleChannelEffect(effect, at);
        }

        return moved;
    }

    private void HandleChannelEffect(ProtomuxEffect effect, TimeSpan at)
    {
        switch (effect)
        {
            case ProtomuxEffect.ChannelOpened opened:
                _effects.Enqueue(new ConnectionEffect.ChannelOpened(opened.Channel, opened.Handshake));
                break;
            case ProtomuxEffect.ChannelClosed closed:
                _effects.Enqueue(new ConnectionEffect.ChannelClosed(closed.Channel, closed.IsRemote, closed.IsRejected, IsClosed ? _reason : null));
                break;
            case ProtomuxEffect.PairRequested requested:
                _effects.Enqueue(new ConnectionEffect.PairRequested(requested.Protocol, requested.Id));
                break;
            case ProtomuxEffect.StreamFaulted faulted:
                Destroy(ConnectionCloseReason.ProtocolFault, faulted.Reason, at);
                break;
        }
    }

    private void NoteOpen()
    {
        if (_isOpen || !_udx.IsConnected || _secret is null || _secret.IsFaulted || _input.ByteLength < HeaderFrameBytes)
            return;
        _isOpen = true;
        _giveUpAt = _isClosing ? _giveUpAt : null;
        _effects.Enqueue(new ConnectionEffect.Opened());
    }

    private void OnClosed(UdxCloseReason reason, TimeSpan at)
    {
        SettleSecret(at); // messages that came together with the end are before it
        _input.Clear();
        IsClosed = true;
        _reason ??= reason.OfConnection();
        Mux.HandleStreamClosed();
        SettleMux(at);
        _effects.Enqueue(new ConnectionEffect.Closed(_reason.Value, _detail));
    }
}
