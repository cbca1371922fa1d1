using Xunit.Sdk;
using Xunit.v3;

// A test here runs the whole system: broker, store and five services. Two at once leave neither the time that a user would give it.
[assembly: Parallelization(Mode = ParallelMode.None)]
