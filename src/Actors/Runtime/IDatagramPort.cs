using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime;

/// <summary>One bound UDP port.</summary>
public interface IDatagramPort : IDisposable
{
    /// <summary>The address in use; its port is never 0.</summary>
    PeerAddress LocalAddress { get; }

    DatagramCounters Counters { get; }

    /// <summary>What the system keeps for the port; nothing where there is no system.</summary>
    DatagramBuffers Buffers => default;

    /// <summary>Asks the system for buffers of other sizes, 0 for the present one, and answers what it has granted, which may be less.</summary>
    DatagramBuffers Resize(DatagramBuffers wanted) => Buffers;

    /// <summary>Hands one datagram to the network. Like the network it may lose it; it never throws for an unreachable address.</summary>
    void Send(ReadOnlySpan<byte> datagram, PeerAddress to);

    /// <summary>The same for one datagram that routers shall not carry further than so many hops.</summary>
    void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive);

    /// <summary>Hands several datagrams to the network in order.</summary>
    void Send(ReadOnlySpan<OutgoingDatagram> batch);
}

/// <summary>One datagram of a batch to send.</summary>
public readonly record struct OutgoingDatagram(ReadOnlyMemory<byte> Bytes, PeerAddress To);

/// <summary>Sizes of the system's buffers, of which it may use part for its own accounts.</summary>
/// <param name="ReceiveBytes">For datagrams that have arrived and were not read yet.</param>
/// <param name="SendBytes">For datagrams that have not left yet.</param>
public readonly record struct DatagramBuffers(int ReceiveBytes, int SendBytes);

/// <summary>What a port has carried since it was bound.</summary>
/// <param name="SentDatagrams">Datagrams handed to the network.</param>
/// <param name="SentBytes">Their payload bytes.</param>
/// <param name="ReceivedDatagrams">Datagrams handed to the receiver.</param>
/// <param name="ReceivedBytes">Their payload bytes.</param>
/// <param name="Dropped">Datagrams the port itself dropped: too large, or the system's buffer was full.</param>
public readonly record struct DatagramCounters(
    long SentDatagrams, long SentBytes, long ReceivedDatagrams, long ReceivedBytes, long Dropped);

/// <summary>Takes all datagrams of one wake-up; called from the port's thread, so it only passes the batch on.</summary>
public interface IDatagramReceiver
{
    /// <summary>The receiver owns the batch and disposes it when done.</summary>
    void Receive(DatagramBatch batch);
}

/// <summary>Where UDP ports come from: the operating system or a simulated network.</summary>
public interface IDatagramPorts
{
    /// <summary>Binds a port; port 0 means any free one.</summary>
    /// <exception cref="PortInUseException">Another socket holds the port.</exception>
    IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver);

    /// <summary>Hosts of this machine's interfaces other than loopback, at which a port bound to host 0 can be reached inside its networks.</summary>
    IReadOnlyList<uint> FindLocalHosts() => [];

    /// <summary>Calls, on any thread, when <see cref="FindLocalHosts"/> may answer otherwise, until disposed; nothing where hosts never change.</summary>
    IDisposable? WatchLocalHosts(Action changed) => null;
}

/// <summary>The UDP port is held by somebody else.</summary>
public sealed class PortInUseException(PeerAddress address, Exception? inner = null)
    : IOException($"UDP port {address} is already in use", inner)
{
    public PeerAddress Address { get; } = address;
}
