using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>A core of ours, replicated over one accepted TCP connection and pumped by the test's own thread.</summary>
internal sealed class TcpReplicator : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SeededEntropy Entropy = new(5, "replication interop");

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly MemoryFiles _files = new();
    private readonly TcpClient _client;
    private readonly SecretStreamMachine _stream;
    private readonly ProtomuxMachine _mux = new(new ProtomuxOptions());
    private readonly CoreEndpoint _endpoint;
    private readonly byte[] _buffer = new byte[65536];
    private readonly bool _initiator;
    private ReplicationMachine? _machine;
    private int _channel;

    public TcpReplicator(TcpListener listener, CoreIdentity identity, bool initiator, params string[] blocks)
    {
        Core = HypercoreMachine.Create(_files, identity, new HypercoreOptions());
        _endpoint = new CoreEndpoint(Core);
        _initiator = initiator;
        if (blocks.Length > 0)
            Append(blocks);
        PersistAll();
        _client = listener.AcceptTcpClient();
        KeyPair pair = KeyPair.Generate(Entropy);
        NoiseHandshake handshake = initiator ? NoiseHandshake.InitiateXX(pair, [], Entropy) : NoiseHandshake.RespondXX(pair, [], Entropy);
        _stream = new SecretStreamMachine(handshake, SecretStreamOptions.Dht, Entropy, Now);
    }

    public HypercoreMachine Core { get; }

    public ReplicationEffect? Ended { get; private set; }

    /// <summary>Ask for nothing and take what comes; set before the first pumping.</summary>
    public bool IsPushOnly { get; init; }

    private TimeSpan Now => _clock.Elapsed;

    public static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public void Append(params string[] blocks)
        => Core.Append([.. blocks.Select(block => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(block))]);

    public void Want(long block) => _machine!.WantBlock(block, Now);

    /// <summary>Has no effect until the remote has said that it takes pushes.</summary>
    public void Push(long block) => _machine?.Push(block, Now);

    /// <summary>Carries bytes until the condition holds.</summary>
    public void PumpUntil(Func<bool> condition)
    {
        for (TimeSpan deadline = Now + Patience; ;)
        {
            Settle();
            if (condition())
                return;
            Assert.True(Now < deadline, "the remote did not answer in time");
            if (!_client.Client.Poll(1_000, SelectMode.SelectRead))
                continue;
            int count = _client.Client.Receive(_buffer);
            Assert.True(count > 0, "the remote closed the stream");
            _stream.HandleBytes(_buffer.AsSpan(0, count), Now);
        }
    }

    public void Dispose() => _client.Dispose();

    private void Settle()
    {
        for (bool moved = true; moved;)
        {
            moved = PersistAll() | SettleMachine();
            while (_mux.TryTake(out ProtomuxEffect? effect))
                (moved, _) = (true, Perform(effect));
            while (_stream.TryTake(out SecretStreamEffect? effect))
                (moved, _) = (true, Perform(effect));
        }
    }

    private bool PersistAll()
    {
        bool moved = false;
        for (; Core.TryTake(out CoreEffect effect); moved = true)
        {
            switch (effect)
            {
                case Persist persist:
                    foreach (var operation in persist.Operations)
                        _files.Apply(operation);
                    Core.HandlePersisted(persist.Id);
                    break;
                case BlocksAvailable available:
                    _machine?.HandleBlocks(available.Start, available.Count, dropped: false, Now);
                    break;
                case Truncated truncated:
                    _machine?.HandleBlocks(truncated.Ancestors, truncated.OldLength - truncated.Ancestors, dropped: true, Now);
                    _machine?.HandleCore(_endpoint.State, Now);
                    break;
                case Appended or ManifestLearned:
                    _machine?.HandleCore(_endpoint.State, Now);
                    break;
            }
        }

        return moved;
    }

    private bool SettleMachine()
    {
        bool moved = false;
        _mux.Cork();
        for (; _machine is not null && _machine.TryTake(out ReplicationEffect? effect); moved = true)
            Perform(effect!);
        _mux.Uncork();
        return moved;
    }

    private void Perform(ReplicationEffect effect)
    {
        switch (effect)
        {
            case ReplicationEffect.Send send:
                _mux.Send(_channel, send.Message.Type, MessageCodec.Encode(send.Message));
                break;
            case ReplicationEffect.PlanBlocks plan:
                _machine!.HandlePlan(new PlanAnswer([.. plan.Blocks.Select(_endpoint.Plan).OfType<PlannedBlock>()], []), Now);
                break;
            case ReplicationEffect.FindRoots find:
                _machine!.HandleRoots(find.Length, _endpoint.HasRoots(find.Length));
                break;
            case ReplicationEffect.Prove prove:
                _machine!.HandleProof(prove.Request, _endpoint.Prove(prove.Parts, prove.Manifest), Now);
                break;
            case ReplicationEffect.Verify verify:
                _machine!.HandleVerified(verify.Request, _endpoint.Verify(verify.Proof), Now, _endpoint.Wanted);
                break;
            case ReplicationEffect.CheckConflict check:
                _machine!.HandleConflictChecked(_endpoint.CheckConflict(check.Proof), Now);
                break;
            case ReplicationEffect.CloseChannel:
                Ended = effect;
                _mux.Close(_channel);
                break;
            case ReplicationEffect.DestroyConnection:
                Ended = effect;
                break;
        }
    }

    private bool Perform(ProtomuxEffect effect)
    {
        switch (effect)
        {
            case ProtomuxEffect.Transmit transmit:
                return _stream.Write(transmit.Message.Span, Now);
            case ProtomuxEffect.ChannelOpened opened:
                _machine!.HandleOpened(opened.Handshake.Span, Now);
                break;
            case ProtomuxEffect.MessageReceived message:
                _machine!.HandleMessage(message.Type, message.Payload, Now);
                break;
            case ProtomuxEffect.ChannelClosed:
                _machine!.HandleClosed();
                break;
        }

        return true;
    }

    private bool Perform(SecretStreamEffect effect)
    {
        switch (effect)
        {
            case SecretStreamEffect.Transmit transmit:
                _client.Client.Send(transmit.Bytes.Span);
                break;
            case SecretStreamEffect.Opened opened:
                Open([.. opened.Session.HandshakeHash]);
                break;
            case SecretStreamEffect.MessagesReceived received:
                foreach (ReadOnlyMemory<byte> message in received.Messages)
                    _mux.HandleMessage(message);
                break;
        }

        return true;
    }

    private void Open(byte[] handshakeHash)
    {
        _machine = new ReplicationMachine(
            _endpoint.State, _endpoint.CopyBlocks(), ChannelHandshake.For(Core.Key, handshakeHash, !_initiator), downloading: true)
        {
            AllowsPush = IsPushOnly,
            IsPushOnly = IsPushOnly,
        };
        ChannelRequest request = new("hypercore/alpha", Core.DiscoveryKey.Value.ToArray(), 10)
        {
            Handshake = ChannelHandshake.For(Core.Key, handshakeHash, _initiator).Encode(),
            Aliases = ["hypercore"],
        };
        Assert.True(_mux.TryOpenChannel(request, out _channel));
    }
}
