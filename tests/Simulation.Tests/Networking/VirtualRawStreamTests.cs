using Akka.Actor;
using AuctionActors.Simulation.Network.Nat;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Simulation.Tests.Networking;

/// <summary>Raw streams through a hole in two NATs, in virtual time.</summary>
public sealed class VirtualRawStreamTests
{
    private const int Megabyte = 1_000_000, OwnPorts = 2;

    [Fact]
    public void A_stream_goes_on_through_the_hole_of_its_connection_until_the_remote_vanishes()
    {
        (string first, int ports) = Play(seed: 3);
        Assert.Equal(first, Play(seed: 3).Digest);
        Assert.NotEqual(first, Play(seed: 4).Digest);
        Assert.Equal(OwnPorts, ports);
    }

    private static (string Digest, int Ports) Play(ulong seed)
    {
        using HolepunchScene scene = new(seed, loss: 0.01);
        Ends ends = new(scene);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.PortRestricted);
        Assert.Equal(ConnectionPath.Punched, scene.Accepted!.Path);
        ends.Create();
        ends.Client.Write(Megabyte);
        ends.Server.Write(Megabyte);
        scene.Run(() => ends.Client.ReadBytes == Megabyte && ends.Server.ReadBytes == Megabyte);

        scene.Close();
        scene.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(OwnPorts + 1, scene.ClientPorts);
        ends.Client.Write(1);
        scene.Run(() => ends.Server.ReadBytes == Megabyte + 1);

        scene.Cut();
        ends.Client.Write(1);
        scene.Run(() => ends.Client.Closed is not null);
        Assert.Equal(ConnectionCloseReason.TimedOut, ends.Client.Closed!.Reason);
        scene.RunFor(TimeSpan.FromSeconds(5));
        return (scene.Events.Digest, scene.ClientPorts);
    }

    /// <summary>What the owners of both nodes do with a stream each.</summary>
    private sealed class Ends
    {
        private readonly HolepunchScene _scene;

        public Ends(HolepunchScene scene)
        {
            (_scene, Client, Server) = (scene, new StreamEnd(scene, false), new StreamEnd(scene, true));
            scene.Hears = (isServer, sender, message) => (isServer ? Server : Client).Hear(sender, message);
        }

        public StreamEnd Client { get; }

        public StreamEnd Server { get; }

        public void Create()
        {
            _scene.Tell(false, new HyperDhtProtocol.CreateRawStream(1, ((HyperDhtProtocol.Connected)_scene.ClientOutcome!).Connection));
            _scene.Tell(true, new HyperDhtProtocol.CreateRawStream(1, _scene.Accepted!.Connection));
            _scene.Run(() => Client.Stream is not null && Server.Stream is not null);
            Client.Connect(Server.Id);
            Server.Connect(Client.Id);
        }
    }

    private sealed class StreamEnd(HolepunchScene scene, bool isServer)
    {
        public IActorRef? Stream { get; private set; }

        public uint Id { get; private set; }

        public int ReadBytes { get; private set; }

        public RawStreamProtocol.Closed? Closed { get; private set; }

        public void Connect(uint remoteId)
        {
            Tell(new RawStreamProtocol.Connect(remoteId));
            Tell(RawStreamProtocol.AwaitEnd.Instance);
            Tell(RawStreamProtocol.Read.Instance);
        }

        public void Write(int length) => Tell(new RawStreamProtocol.Write(1, new byte[length]));

        public void Hear(IActorRef sender, object message)
        {
            switch (message)
            {
                case HyperDhtProtocol.RawStreamCreated created:
                    (Stream, Id) = (created.Stream, created.Id);
                    break;
                case RawStreamProtocol.Received received:
                    ReadBytes += received.Bytes.Length;
                    sender.Tell(RawStreamProtocol.Read.Instance);
                    break;
                case RawStreamProtocol.Closed closed:
                    Closed = closed;
                    break;
            }
        }

        private void Tell(object message) => scene.Tell(isServer, message, Stream);
    }
}
