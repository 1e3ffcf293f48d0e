#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/robot/robot_folder.h"
#include "tests/faults/drive_faults_world.h"

namespace gyre::faults {

// A drive that is over: the truth about it, and what its tape holds.
struct DriveRecord {
  Embodiment joints, contract;  // of the innermost robot; of the drive
  std::vector<TickTruth> truth;
  std::vector<QuestionTruth> questions;
  std::vector<int64_t> attempt_of;  // by tick
  std::vector<Step> steps;
  struct Taken {
    int64_t attempt = 0;
    ChunkPtr chunk;
  };
  std::vector<Taken> chunks;
  int64_t dropped = 0, failed = 0, alarms = 0;
  int64_t connections = 0, kills = 0;  // of a drive over sockets
  bool journal_failed = false;
  std::string journal_error;
};

// Makes the drive of a story: the run-time's own loop, filters and tape in a simulated world.
DriveRecord make_drive(const Story& story, const std::shared_ptr<const RobotFolder>& folder);

}  // namespace gyre::faults
