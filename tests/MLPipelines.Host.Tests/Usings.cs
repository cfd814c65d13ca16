global using Xunit;

// Tensor operations use every processor; two trainings at a time would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
