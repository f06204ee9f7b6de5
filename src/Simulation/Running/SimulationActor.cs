using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>
/// Runs one scenario: starts its peers and drives them by messages, as the <see cref="RunMachine"/> decides.
/// It is to be called <see cref="ActorNames.Peers"/>, the segment under which peers stand.
/// </summary>
internal sealed class SimulationActor : ReceiveActor
{
    private readonly Scenario _scenario;
    private readonly ISimulatedWorld _world;
    private readonly PeerBlueprint _blueprint;
    private readonly RunSignal _finished;
    private readonly string _storage;
    private readonly RunLog _log;
    private readonly RunMachine _machine;
    private readonly DeadlineTimer _timer;
    private readonly Dictionary<string, IActorRef> _peers = [];
    private readonly Dictionary<IActorRef, string> _names = [];

    public SimulationActor(SimulationLaunch launch)
    {
        (Scenario scenario, ISimulatedWorld world) = (launch.Scenario, launch.World);
        _storage = launch.Storage;
        _scenario = scenario;
        _world = world;
        _blueprint = launch.Blueprint;
        _finished = launch.Finished;
        _log = new RunLog(world.Events, launch.Progress);
        _machine = new RunMachine(scenario, _log, new FaultSwitch(world.Links, _log), launch.Announcements, Now);
        _timer = new DeadlineTimer(Context, world.Clock);
        Receive<ParticipantProtocol.IEvent>(Handle);
        Receive<ParticipantProtocol.IReply>(reply => Drive(() => _machine.HandleReply(reply, Now)));
        Receive<PeerProtocol.PeerReady>(_ => Drive(() => _machine.HandleBootstrapReady(Now)));
        Receive<PeerProtocol.PeerFailed>(failed => Drive(() => _machine.Break($"{PeerNames.Bootstrap}: {failed.Reason}")));
        Receive<PeerProtocol.IEvent>(_ => { });
        Receive<DeadlineTimer.Due>(_ => Advance());
        Receive<Error>(HandleFailure);
    }

    private TimeSpan Now => _world.Clock.Now;

    public static Props Props(SimulationLaunch launch) => ActorProps.Of(() => new SimulationActor(launch));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.ActorOf(_blueprint.Bootstrap(StartOf(PeerNames.Bootstrap, _world.BootstrapAddress, [])), PeerNames.Bootstrap);
        _timer.Follow(_machine.NextDeadline);
    }

    protected override void PostStop() => _timer.Cancel();

    // A peer that throws breaks the run; restarting it would hide the fault.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        string peer = Uri.UnescapeDataString(Sender.Path.Name);
        Drive(() => _machine.Break($"{peer}: {error.Message}"));
        return Directive.Stop;
    });

    // Also an actor whose parent lives on without it, such as one connection: no input may make one throw.
    private void HandleFailure(Error failure)
    {
        _log.Failure(failure);
        if (failure.Cause is { } cause)
            Drive(() => _machine.Break($"{Uri.UnescapeDataString(failure.LogSource)} failed: {cause.Message}"));
    }

    private void Handle(ParticipantProtocol.IEvent told)
    {
        if (_names.TryGetValue(Sender, out string? name))
            Drive(() => _machine.HandleEvent(name, told, Now));
    }

    private void Advance()
    {
        _timer.Arrived();
        Drive(() => _machine.HandleTimeout(Now));
    }

    private void Drive(Action input)
    {
        input();
        while (_machine.TryTake(out RunEffect effect))
            Perform(effect);
        _timer.Follow(_machine.NextDeadline);
    }

    private void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case LaunchPeer launch:
                Launch(launch.Name);
                break;
            case TellPeer tell:
                _peers[tell.Name].Tell(tell.Message);
                break;
            case RunEnded ended:
                _finished.Set(ended.Outcome);
                break;
        }
    }

    private void Launch(string name)
    {
        PeerStart start = StartOf(name, PeerAddress.Loopback(0), [_world.BootstrapAddress]);
        IActorRef actor = Context.ActorOf(_blueprint.Participant(start), ActorNames.Escape(name));
        _peers.Add(name, actor);
        _names.Add(actor, name);
        actor.Tell(new ParticipantProtocol.Subscribe(0));
    }

    private PeerStart StartOf(string name, PeerAddress bind, ImmutableArray<PeerAddress> bootstrap)
        => new(_world.CreatePeer(name), bind, bootstrap, Path.Combine(_storage, ActorNames.Escape(name)), _scenario.Name);
}

/// <summary>What a simulation is started with.</summary>
/// <param name="Scenario">What is run.</param>
/// <param name="World">Where.</param>
/// <param name="Blueprint">How its peers are made.</param>
/// <param name="Finished">Gets the outcome.</param>
/// <param name="Storage">Folder under which each peer has its own.</param>
/// <param name="Announcements">Whether announcements are stored as they must be.</param>
/// <param name="Progress">Told each phase as it begins.</param>
internal sealed record SimulationLaunch(
    Scenario Scenario,
    ISimulatedWorld World,
    PeerBlueprint Blueprint,
    RunSignal Finished,
    string Storage,
    Func<CheckResult> Announcements,
    Action<string>? Progress);
