using Akka.Actor;

namespace Hyper.Actors.Runtime;

/// <summary>Props around a plain constructor call. Akka's own way compiles an expression for every argument of every actor.</summary>
public static class ActorProps
{
    public static Props Of<TActor>(Func<TActor> create)
        where TActor : ActorBase
        => Props.CreateBy(new Producer<TActor>(create));

    private sealed class Producer<TActor>(Func<TActor> create) : IIndirectActorProducer
        where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
            // The actor is garbage; nothing was pooled.
        }
    }
}
