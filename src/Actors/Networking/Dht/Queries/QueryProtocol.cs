namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>What a running query is told besides the ends of its requests; its results go to whoever asked for it.</summary>
public static class QueryProtocol
{
    /// <summary>An order to the query.</summary>
    public interface ICommand;

    /// <summary>End now.</summary>
    public sealed record Cancel : ICommand;
}
