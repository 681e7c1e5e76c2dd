// What the outputs of a head say of numbers (kernels/losses/numbers.hpp).
#pragma once

#include <span>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo::tasks {

// Number `i` of a row of `width`, from the row's outputs, standardised: the number; of gaussian the
// mean and the deviation; of quantile the numbers below which its shares lie, ascending (outputs
// that crossed are put in order, which never makes their loss larger: Chernozhukov et al. 2010).
void read_number(const kernels::NumberLoss& loss, std::span<const double> outputs, int width, int i,
                 std::vector<double>& parts);

// The same in the units of the target.
void to_units(const kernels::NumberLoss& loss, const Column& target, int i,
              std::vector<double>& parts);

// Of a number that is `base` + `unit` times what is said, likewise.
void to_units(const kernels::NumberLoss& loss, double base, double unit,
              std::vector<double>& parts);

// The interval that a number's parts tell, as they are; and the share of numbers that it is meant
// to hold, 0 where none is said.
struct SaidInterval {
  double low = 0, high = 0;
};
SaidInterval interval(const kernels::NumberLoss& loss, std::span<const double> parts);
double interval_share(const kernels::NumberLoss& loss);

// Of the number that came, the negative logarithm of the density that gaussian's parts mean, and
// the mean of the losses of quantile's, in the units of all.
double negative_log_density(std::span<const double> parts, double came);
double pinball(const kernels::NumberLoss& loss, std::span<const double> parts, double came);

// Which of a number's parts is the answer: of quantile that nearest to the middle.
std::size_t answer_part(const kernels::NumberLoss& loss);

// Of several models: sums that their answers of a row are added to, and what they say together. Of
// gaussian that is mean and deviation of the mixture, else the mean of each part. Standardised.
void add_vote(const kernels::NumberLoss& loss, std::span<const double> parts,
              std::span<double> sums);
void join_votes(const kernels::NumberLoss& loss, std::size_t voters, std::span<const double> sums,
                std::vector<double>& parts);

}  // namespace rondo::tasks
