using Akka.Actor;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Which connection gets the packets of a stream; told from any thread, in force at once.</summary>
public interface IStreamRoutes
{
    /// <summary>Follow it with <see cref="DatagramProtocol.AddStream"/>, which also ends the route with the connection.</summary>
    void Add(uint streamId, IActorRef connection);
}
