using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>Keeps a number of requests out at one actor until a time or a count is reached, as a loop of awaits does in a script.</summary>
internal sealed class LoadActor : UntypedActor
{
    private Load? _load;
    private IActorRef _asker = ActorRefs.Nobody;
    private long _began;
    private long _sent;
    private long _answered;

    /// <param name="system">Where it runs.</param>
    /// <param name="dispatcher">On which threads; beside what it asks, as a script is, or on the pool.</param>
    public static IActorRef Start(IActorRefFactory system, string dispatcher = Dispatchers.DefaultDispatcherId)
        => system.ActorOf(Props.Create(() => new LoadActor()).WithDispatcher(dispatcher));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Load load:
                Begin(load);
                break;
            case not null when _load is { } load:
                Count(load, load.Unbundle(message));
                break;
        }
    }

    private void Begin(Load load)
    {
        (_load, _asker, _sent, _answered) = (load, Sender, 0, 0);
        _began = Stopwatch.GetTimestamp();
        Send(load, load.Window);
    }

    private void Count(Load load, IReadOnlyList<object> answers)
    {
        foreach (object answer in answers)
        {
            if (!load.IsAnswer(answer))
            {
                Finish(new LoadFailed($"{answer}"));
                return;
            }
        }

        _answered += answers.Count;
        Send(load, answers.Count);
    }

    private void Send(Load load, int count)
    {
        List<object> requests = [];
        while (requests.Count < count && _sent < load.Count && Stopwatch.GetElapsedTime(_began) < load.Duration)
            requests.Add(load.Request(_sent++));
        foreach (object message in load.Bundle is { } bundle && requests.Count > 0 ? [bundle(requests)] : requests)
            load.Target.Tell(message);
        if (_answered == _sent)
            Finish(new LoadDone(_answered, Stopwatch.GetElapsedTime(_began)));
    }

    private void Finish(object outcome)
    {
        _load = null;
        _asker.Tell(outcome);
    }
}

/// <summary>What to ask, how often at once, and for how long.</summary>
/// <param name="Target">The actor that is asked.</param>
/// <param name="Request">Makes the request of a number, from 0 on.</param>
/// <param name="IsAnswer">Whether a message is the answer that was hoped for; any other one fails the measurement.</param>
internal sealed record Load(IActorRef Target, Func<long, object> Request, Func<object, bool> IsAnswer)
{
    public int Window { get; init; } = 1;

    public long Count { get; init; } = long.MaxValue;

    public TimeSpan Duration { get; init; } = TimeSpan.MaxValue;

    /// <summary>Puts the requests of one moment into one message; null sends each alone.</summary>
    public Func<IReadOnlyList<object>, object>? Bundle { get; init; }

    /// <summary>Takes the answers out of a message.</summary>
    public Func<object, IReadOnlyList<object>> Unbundle { get; init; } = message => [message];

    /// <summary>Requests answered for each second.</summary>
    public async Task<double> RateAsync(IActorRef loader)
    {
        object outcome = await loader.Ask<object>(this, TimeSpan.FromMinutes(30));
        return outcome is LoadDone done
            ? done.Answered / done.Elapsed.TotalSeconds
            : throw new InvalidOperationException(((LoadFailed)outcome).Reason);
    }
}

/// <summary>Every request was answered.</summary>
internal sealed record LoadDone(long Answered, TimeSpan Elapsed);

/// <summary>An answer was another one than hoped for.</summary>
internal sealed record LoadFailed(string Reason);
